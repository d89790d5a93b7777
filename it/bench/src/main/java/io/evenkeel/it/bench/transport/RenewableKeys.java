package io.evenkeel.it.bench.transport;

import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.it.bench.worker.KeyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** A key store that all nodes of a run share, and that is replaced again and again, by good ones and by bad ones. */
final class RenewableKeys {
    private static final Duration LIFE = Duration.ofDays(2);

    private final KeyFiles files;
    private final SecureRandom random;
    private final Instant from = Instant.now().minus(Duration.ofHours(1));
    private final CertificateAuthority ca;
    private byte[] good;

    private RenewableKeys(KeyFiles files, SecureRandom random) {
        this.files = files;
        this.random = random;
        this.ca = CertificateAuthority.create("CN=Benchmark CA", from, from.plus(LIFE), random);
    }

    static RenewableKeys create(Path dir, SecureRandom random) {
        String password = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        RenewableKeys keys = new RenewableKeys(
                new KeyFiles(dir.resolve("renewed.p12"), dir.resolve("renewed-trust.p12"), password), random);
        try {
            MaterialWriter.writeTrustStore(
                    new StoreFile(keys.files.trustStore(), "PKCS12", password.toCharArray()),
                    List.of(keys.ca.certificate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keys.renew();
        return keys;
    }

    KeyFiles files() {
        return files;
    }

    /** Puts a new key and certificate in place. */
    void renew() {
        CertificateSpec spec =
                CertificateSpec.node("CN=node", from, from.plus(LIFE)).withIp("127.0.0.1");
        try {
            MaterialWriter.writeKeyStore(
                    new StoreFile(files.keyStore(), "PKCS12", files.password().toCharArray()), ca.issue(spec, random));
            good = Files.readAllBytes(files.keyStore());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the file off somewhere, as a copy does that has not come to its end. */
    void spoil() {
        try {
            Files.write(files.keyStore(), Arrays.copyOf(good, random.nextInt(good.length)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
