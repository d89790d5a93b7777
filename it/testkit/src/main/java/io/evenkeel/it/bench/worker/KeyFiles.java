package io.evenkeel.it.bench.worker;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A key store and a trust store for all nodes of a run: one EC key, certified by a CA of the run's own. */
public record KeyFiles(Path keyStore, Path trustStore, String password) {
    private static final Duration LIFE = Duration.ofDays(2);

    /** Makes both in that directory. */
    public static KeyFiles create(Path dir, SecureRandom random) {
        Instant from = Instant.now().minus(Duration.ofHours(1));
        CertificateAuthority ca = CertificateAuthority.create("CN=Benchmark CA", from, from.plus(LIFE), random);
        Identity node =
                ca.issue(CertificateSpec.node("CN=node", from, from.plus(LIFE)).withIp("127.0.0.1"), random);
        String password = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        KeyFiles files = new KeyFiles(dir.resolve("node.p12"), dir.resolve("trust.p12"), password);
        try {
            MaterialWriter.writeKeyStore(files.store(files.keyStore), node);
            MaterialWriter.writeTrustStore(files.store(files.trustStore), List.of(ca.certificate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private StoreFile store(Path path) {
        return new StoreFile(path, "PKCS12", password.toCharArray());
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
