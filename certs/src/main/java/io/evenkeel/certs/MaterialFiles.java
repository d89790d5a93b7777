package io.evenkeel.certs;

import java.nio.file.Path;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** A key store and a trust store that belong together, of whatever types. */
record MaterialFiles(StoreFile keyStore, StoreFile trustStore) {

    /** Their contents, checked. */
    record Loaded(Identity identity, List<X509Certificate> trusted) {

        /** True if a peer that trusts what this member trusts would find a way from its certificate to that. */
        boolean trustsItself() {
            return Certificates.leadTo(identity.chain(), trusted);
        }
    }

    MaterialFiles {
        Objects.requireNonNull(keyStore, "keyStore");
        Objects.requireNonNull(trustStore, "trustStore");
    }

    @Override
    public String toString() {
        return "key store " + keyStore.described() + " and trust store " + trustStore.described();
    }

    FileContents read() {
        List<Path> paths = new ArrayList<>(keyStore.files());
        paths.addAll(trustStore.files());
        return FileContents.read(paths);
    }

    /** Parses and checks what was read; the certificates must be valid at {@code now}. */
    Loaded parse(FileContents contents, Instant now) throws CertificateMaterialException {
        return new Loaded(identity(keyStore, contents, now), trusted(trustStore, contents, now));
    }

    static Identity identity(StoreFile keyStore, FileContents contents, Instant now)
            throws CertificateMaterialException {
        MaterialReader keys = reader("key store", keyStore, contents);
        Identity identity = keys.identity();
        Certificates.check(keys.source(), identity, now);
        return identity;
    }

    static List<X509Certificate> trusted(StoreFile trustStore, FileContents contents, Instant now)
            throws CertificateMaterialException {
        MaterialReader trust = reader("trust store", trustStore, contents);
        List<X509Certificate> trusted = trust.trusted();
        Certificates.checkTrusted(trust.source(), trusted, now);
        return trusted;
    }

    private static MaterialReader reader(String role, StoreFile file, FileContents contents)
            throws CertificateMaterialException {
        String source = role + " " + file.described();
        if (file.type().equalsIgnoreCase("PEM")) {
            return new PemReader(source, file, contents);
        }
        Set<String> known = Security.getAlgorithms("KeyStore");
        if (!known.contains(file.type().toUpperCase(Locale.ROOT))) {
            throw new CertificateMaterialException(
                    CertificateMaterialException.Reason.WRONG_TYPE,
                    source,
                    "its type is given as '" + file.type() + "'",
                    "use PEM, or one that a security provider of this JVM has: " + new TreeSet<>(known));
        }
        return new StoreReader(source, file, contents);
    }
}
