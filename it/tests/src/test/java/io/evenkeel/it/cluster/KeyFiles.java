package io.evenkeel.it.cluster;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** A certificate authority of the test's own, and the files with what it signs for nodes on loopback. */
final class KeyFiles {
    /** Long enough for Bouncy Castle FIPS in its approved mode. */
    static final String PASSWORD = "secret-of-the-store";

    private final Path directory;
    private final SecureRandom random = new SecureRandom();
    private final Instant from = Instant.now().minus(1, ChronoUnit.HOURS);
    private final Instant to = Instant.now().plus(1, ChronoUnit.DAYS);
    private final CertificateAuthority authority =
            CertificateAuthority.create("CN=authority " + UUID.randomUUID(), from, to, random);

    KeyFiles(Path directory) {
        this.directory = directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes a store of a type with a new key and certificate; returns the file. */
    Path keyStore(String name, String type, String subject) throws IOException {
        MaterialWriter.writeKeyStore(store(name, type), issue(subject));
        return file(name);
    }

    /** Writes a store of a type with the authority's certificate; returns the file. */
    Path trustStore(String name, String type) throws IOException {
        MaterialWriter.writeTrustStore(store(name, type), List.of(authority.certificate()));
        return file(name);
    }

    /**
     * Writes a new key and certificate as {@code name.key} and {@code name.crt}, and the authority's as {@code ca.crt}.
     */
    void pem(String name, String subject) throws IOException {
        Identity identity = issue(subject);
        MaterialWriter.writePem(file(name + ".key"), identity.key());
        MaterialWriter.writePem(file(name + ".crt"), identity.chain());
        MaterialWriter.writePem(file("ca.crt"), List.of(authority.certificate()));
    }

    private Identity issue(String subject) {
        return authority.issue(
                CertificateSpec.node(subject, from, to).withIp("127.0.0.1").withDns("node.keycloak.svc"), random);
    }

    private StoreFile store(String name, String type) {
        return new StoreFile(file(name), type, PASSWORD.toCharArray());
    }
}
