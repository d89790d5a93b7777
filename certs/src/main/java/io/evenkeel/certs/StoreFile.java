package io.evenkeel.certs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key store or trust store: where it lies, how it is written, what opens it.
 *
 * <p>A class and not a record, since a record would compare the password by identity and print where it is kept.
 */
public final class StoreFile {

    private final Path path;
    private final Path keyPath;
    private final String type;
    private final char[] password;
    private final String origin;

    /**
     * @param path the file; symbolic links are followed. A key store of type PEM holds the certificates and the key
     * @param type PEM, PKCS12, JKS, or another type that a security provider of this JVM has, such as BCFKS; in any
     *     case, and checked when the file is read
     * @param password copied; null or empty when there is none
     */
    public StoreFile(Path path, String type, char @Nullable [] password) {
        this(path, path, type, password, "");
    }

    private StoreFile(Path path, Path keyPath, String type, char @Nullable [] password, String origin) {
        this.path = Objects.requireNonNull(path, "path");
        this.keyPath = Objects.requireNonNull(keyPath, "keyPath");
        this.type = Objects.requireNonNull(type, "type");
        this.password = password == null ? new char[0] : password.clone();
        this.origin = Objects.requireNonNull(origin, "origin");
    }

    /**
     * A key store in two PEM files.
     *
     * @param certificates the member's certificate, then each issuer of the one before
     * @param key the private key: PKCS #8, plain or encrypted, PKCS #1 or SEC 1
     * @param password opens the key; null or empty when it is not encrypted
     */
    public static StoreFile pem(Path certificates, Path key, char @Nullable [] password) {
        return new StoreFile(certificates, key, "PEM", password, "");
    }

    /**
     * The same file, and where it was configured, which every refusal names beside the path.
     *
     * @param newOrigin the option or attribute, such as {@code --cache-embedded-mtls-key-store-file}
     */
    public StoreFile configuredBy(String newOrigin) {
        return new StoreFile(path, keyPath, type, password, newOrigin);
    }

    public Path path() {
        return path;
    }

    /** The file of the private key; the same as {@link #path()} unless it is a PEM file of its own. */
    public Path keyPath() {
        return keyPath;
    }

    /** All the files to watch for changes. */
    public List<Path> files() {
        return path.equals(keyPath) ? List.of(path) : List.of(path, keyPath);
    }

    public String type() {
        return type;
    }

    /** A copy, which the caller may wipe; never null. */
    public char[] password() {
        return password.clone();
    }

    /** The path, and where it was configured if that is known. */
    public String described() {
        return origin.isEmpty() ? path.toString() : path + " (" + origin + ")";
    }

    @Override
    public String toString() {
        return path.equals(keyPath) ? type + " " + path : type + " " + path + " with key " + keyPath;
    }
}
