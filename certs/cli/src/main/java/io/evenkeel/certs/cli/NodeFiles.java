package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Certificates;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * A node's files: PEM as in a TLS secret of Kubernetes ({@code tls.crt}, {@code tls.key}, {@code ca.crt}), and the same
 * as key store and trust store with a password file each. A node whose key is elsewhere has neither {@code tls.key} nor
 * key store.
 */
final class NodeFiles {
    private static final String KEY_STORE = "keystore";
    private static final String TRUST_STORE = "truststore";

    private final String name;
    private final Path directory;

    NodeFiles(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    String name() {
        return name;
    }

    Path directory() {
        return directory;
    }

    Path certificateFile() {
        return directory.resolve("tls.crt");
    }

    Path keyFile() {
        return directory.resolve("tls.key");
    }

    Path trustFile() {
        return directory.resolve("ca.crt");
    }

    Path keyStore() throws CommandException {
        return store(KEY_STORE);
    }

    Path trustStore() throws CommandException {
        return store(TRUST_STORE);
    }

    Path keyStorePassword() {
        return directory.resolve(KEY_STORE + ".password");
    }

    Path trustStorePassword() {
        return directory.resolve(TRUST_STORE + ".password");
    }

    boolean exists() {
        return Files.exists(certificateFile());
    }

    /** True if the private key lies here, and not on the node alone. */
    boolean hasKey() {
        return Files.exists(keyFile());
    }

    /** True if there are key stores beside the PEM files. */
    boolean hasStores() {
        return Arrays.stream(StoreType.values())
                .anyMatch(type -> Files.exists(directory.resolve(TRUST_STORE + "." + type.ending())));
    }

    private Path store(String base) throws CommandException {
        for (StoreType type : StoreType.values()) {
            Path file = directory.resolve(base + "." + type.ending());
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new CommandException(
                directory + ": has no " + base + "; issue the node's certificate again with --force");
    }

    /** The type of the stores that are there. */
    StoreType storeType() throws CommandException {
        return StoreType.of(trustStore().getFileName().toString());
    }

    List<X509Certificate> chain() throws CertificateMaterialException {
        return CertificateFile.read(certificateFile());
    }

    List<X509Certificate> trusted() throws CertificateMaterialException {
        return CertificateFile.read(trustFile());
    }

    /** Passwords of the stores; by default random ones that lie beside them. */
    record StorePasswords(PasswordSource source, SecureRandom random) {}

    /** Writes trust; {@code ca.crt} last, so that it is never ahead of the trust store. */
    void writeTrust(StoreType type, List<X509Certificate> trusted, StorePasswords passwords)
            throws IOException, CommandException {
        Files.createDirectories(directory);
        Path store = directory.resolve(TRUST_STORE + "." + type.ending());
        char[] password = Passwords.given(passwords.source(), trustStorePassword(), passwords.random());
        try {
            type.ensureAvailable();
            MaterialWriter.writeTrustStore(new StoreFile(store, type.name(), password), trusted);
        } finally {
            Arrays.fill(password, '\0');
        }
        writePemTrust(trusted);
    }

    /** Writes the trust of a node whose key is elsewhere. */
    void writePemTrust(List<X509Certificate> trusted) throws IOException {
        Files.createDirectories(directory);
        MaterialWriter.writePem(trustFile(), trusted);
    }

    /** Writes other trust, in the forms that are there. */
    void writeTrustAgain(List<X509Certificate> trusted, StorePasswords passwords) throws IOException, CommandException {
        if (hasStores()) {
            writeTrust(storeType(), trusted, passwords);
        } else {
            writePemTrust(trusted);
        }
    }

    /** True if an authority has signed the node's certificate, or one above it. */
    boolean isIssuedBy(X509Certificate authority) throws CertificateMaterialException {
        return Certificates.leadTo(chain(), List.of(authority));
    }

    /** Writes key and certificates; {@code tls.crt} last, so that it is never ahead of the others. */
    void writeIdentity(StoreType type, Identity identity, StorePasswords passwords)
            throws IOException, CommandException {
        Files.createDirectories(directory);
        Path store = directory.resolve(KEY_STORE + "." + type.ending());
        char[] password = Passwords.given(passwords.source(), keyStorePassword(), passwords.random());
        try {
            type.ensureAvailable();
            MaterialWriter.writeKeyStore(new StoreFile(store, type.name(), password), identity);
        } finally {
            Arrays.fill(password, '\0');
        }
        MaterialWriter.writePem(keyFile(), identity.key());
        writeChain(identity.chain());
    }

    /** Writes the certificates of a node whose key is elsewhere. */
    void writeChain(List<X509Certificate> chain) throws IOException {
        Files.createDirectories(directory);
        MaterialWriter.writePem(certificateFile(), chain);
    }
}
