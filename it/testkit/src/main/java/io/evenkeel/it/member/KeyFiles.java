package io.evenkeel.it.member;

import io.evenkeel.it.node.TestCa;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** A key store and a trust store for all nodes of a run: one EC key, certified by a CA of the run's own. */
public record KeyFiles(Path keyStore, Path trustStore, String password) {
    /** Makes both in that directory. */
    public static KeyFiles create(Path dir, SecureRandom random) {
        String password = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        TestCa ca = new TestCa(dir, password, random);
        return new KeyFiles(
                ca.keyStore("node.p12", "PKCS12", "CN=node"), ca.trustStore("trust.p12", "PKCS12"), password);
    }

    /** Attributes of a transport, JGroups' TCP or TCP_NETTY. */
    public Map<String, String> attributes() {
        return Map.of(
                "tls.keystore_path",
                keyStore.toString(),
                "tls.keystore_password",
                password,
                "tls.truststore_path",
                trustStore.toString(),
                "tls.truststore_password",
                password);
    }
}
