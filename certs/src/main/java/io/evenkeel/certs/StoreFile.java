package io.evenkeel.certs;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A key store or trust store: where it lies, how it is written, what opens it.
 *
 * <p>A class and not a record, since a record would compare the password by identity and print where it is kept.
 */
public final class StoreFile {

    private final Path path;
    private final String type;
    private final char[] password;

    /**
     * @param path the file; symbolic links are followed
     * @param type PKCS12 or JKS, in any case; checked when the file is read
     * @param password copied; null or empty when the store has none
     */
    public StoreFile(Path path, String type, char[] password) {
        this.path = Objects.requireNonNull(path, "path");
        this.type = Objects.requireNonNull(type, "type");
        this.password = password == null ? new char[0] : password.clone();
    }

    public Path path() {
        return path;
    }

    public String type() {
        return type;
    }

    /** A copy, which the caller may wipe; never null. */
    public char[] password() {
        return password.clone();
    }

    @Override
    public String toString() {
        return type + " " + path;
    }
}
