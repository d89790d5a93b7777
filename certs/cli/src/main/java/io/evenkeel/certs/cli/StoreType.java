package io.evenkeel.certs.cli;

import java.security.Security;
import java.util.Locale;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Types of key stores. Keycloak tells them apart by the endings of their files. */
enum StoreType {
    PKCS12("p12"),
    JKS("jks"),
    /** Needs a provider that the JDK has not: this jar's, or Bouncy Castle's FIPS edition where it is installed. */
    BCFKS("bcfks");

    private final String ending;

    StoreType(String ending) {
        this.ending = ending;
    }

    String ending() {
        return ending;
    }

    /** Makes the JVM know the type. */
    void ensureAvailable() {
        if (!Security.getAlgorithms("KeyStore").contains(name())) {
            // Behind all others: keys and signatures stay the JDK's.
            Security.addProvider(new BouncyCastleProvider());
        }
    }

    /** The type that a file's name says; PKCS12 for any other ending, as Keycloak has it. */
    static StoreType of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (StoreType type : values()) {
            if (name.endsWith("." + type.ending)) {
                return type;
            }
        }
        return PKCS12;
    }
}
