package io.evenkeel.protocols.transport.tls;

import java.security.Provider;
import java.security.Security;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rule that cryptography has to come from a module validated by FIPS 140, as far as a transport can see it. */
final class FipsMode {

    private FipsMode() {}

    /**
     * The reason to take this JVM for one in FIPS mode; null if there is none. Such JVMs have a provider whose name
     * says so: BCFIPS of Bouncy Castle, SunPKCS11-NSS-FIPS of Red Hat's OpenJDK, OpenJCEPlusFIPS of IBM's.
     *
     * @param required whether the embedding program asked for it
     */
    static @Nullable String reason(boolean required) {
        if (required) {
            return "FIPS mode is on";
        }
        return Stream.of(Security.getProviders())
                .map(Provider::getName)
                .filter(name -> name.toUpperCase(Locale.ROOT).contains("FIPS"))
                .findFirst()
                .map(name -> "the security provider " + name + " puts this JVM into FIPS mode")
                .orElse(null);
    }
}
