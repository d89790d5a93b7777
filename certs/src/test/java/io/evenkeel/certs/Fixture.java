package io.evenkeel.certs;

import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A small cluster's worth of certificates. Real randomness: nothing here decides by it. */
final class Fixture {

    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final String PASSWORD = "s3cret-Of-The-Store";
    static final SecureRandom RANDOM = new SecureRandom();

    private Fixture() {}

    static CertificateAuthority authority(String name, Instant now) {
        return CertificateAuthority.create(
                "CN=" + name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(30)), RANDOM);
    }

    static CertificateSpec node(String name, Instant now) {
        return CertificateSpec.node("CN=" + name, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(10)));
    }

    static StoreFile store(Path directory, String name, String type) {
        return new StoreFile(directory.resolve(name), type, PASSWORD.toCharArray());
    }

    static TlsMaterial material(CertificateAuthority authority, String name) {
        return TlsMaterial.of(authority.issue(node(name, Instant.now()), RANDOM), List.of(authority.certificate()));
    }
}
