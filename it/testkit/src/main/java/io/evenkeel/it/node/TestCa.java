package io.evenkeel.it.node;

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
import java.util.UUID;

/** A certificate authority of a run's own, and the files in a directory with what it signs for nodes on loopback. */
public final class TestCa {
    private static final Duration LIFE = Duration.ofHours(25);

    private final Path directory;
    private final String password;
    private final SecureRandom random;
    private final Instant from = Instant.now().minus(Duration.ofHours(1));
    private final Instant to = from.plus(LIFE);
    private final CertificateAuthority authority;

    /**
     * Makes the authority; no file yet.
     *
     * @param password of all stores
     */
    public TestCa(Path directory, String password, SecureRandom random) {
        this.directory = directory;
        this.password = password;
        this.random = random;
        this.authority = CertificateAuthority.create("CN=authority " + UUID.randomUUID(), from, to, random);
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes a store of a type with a new key and certificate; returns the file. */
    public Path keyStore(String name, String type, String subject) {
        return write(name, () -> MaterialWriter.writeKeyStore(store(name, type), issue(subject)));
    }

    /** Writes a store of a type with the authority's certificate; returns the file. */
    public Path trustStore(String name, String type) {
        return write(name, () -> MaterialWriter.writeTrustStore(store(name, type), List.of(authority.certificate())));
    }

    /**
     * Writes a new key and certificate as {@code name.key} and {@code name.crt}, and the authority's as {@code ca.crt}.
     */
    public void pem(String name, String subject) {
        Identity identity = issue(subject);
        write(name + ".key", () -> MaterialWriter.writePem(file(name + ".key"), identity.key()));
        write(name + ".crt", () -> MaterialWriter.writePem(file(name + ".crt"), identity.chain()));
        write("ca.crt", () -> MaterialWriter.writePem(file("ca.crt"), List.of(authority.certificate())));
    }

    private Identity issue(String subject) {
        return authority.issue(
                CertificateSpec.node(subject, from, to).withIp("127.0.0.1").withDns("node.keycloak.svc"), random);
    }

    private StoreFile store(String name, String type) {
        return new StoreFile(file(name), type, password.toCharArray());
    }

    private interface Writing {
        void run() throws IOException;
    }

    private Path write(String name, Writing writing) {
        try {
            writing.run();
            return file(name);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file(name), e);
        }
    }
}
