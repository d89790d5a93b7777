package io.evenkeel.it.bench.transport;

import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.TestCa;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;

/** A key store that all nodes of a run share, and that is replaced again and again, by good ones and by bad ones. */
final class RenewableKeys {
    private static final String KEY_STORE = "renewed.p12";

    private final SecureRandom random;
    private final TestCa ca;
    private final KeyFiles files;
    private byte[] good;

    RenewableKeys(Path dir, SecureRandom random) {
        this.random = random;
        String password = Credentials.generate("keys").password();
        ca = new TestCa(dir, password, random);
        files = new KeyFiles(ca.file(KEY_STORE), ca.trustStore("renewed-trust.p12", "PKCS12"), password);
        renew();
    }

    KeyFiles files() {
        return files;
    }

    /** Puts a new key and certificate in place. */
    void renew() {
        try {
            good = Files.readAllBytes(ca.keyStore(KEY_STORE, "PKCS12", "CN=node"));
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
