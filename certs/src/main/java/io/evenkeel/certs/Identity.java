package io.evenkeel.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The identity of a member: a private key and the certificates that vouch for it.
 *
 * @param key the private key
 * @param chain at least one certificate: the key's own first, then each issuer of the one before; without the root, if
 *     the peers have it
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {

    public Identity {
        Objects.requireNonNull(key, "key");
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain is empty, must hold the key's own certificate");
        }
    }

    /**
     * Reads and checks a key store, as a member does that starts with it; blocks on its files.
     *
     * @param now the time at which the certificates must be valid
     * @throws CertificateMaterialException if a member could not take part with it; says what to do
     */
    public static Identity read(StoreFile keyStore, Instant now) throws CertificateMaterialException {
        return MaterialFiles.identity(keyStore, FileContents.read(keyStore.files()), now);
    }

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Names the certificate; says nothing of the key. */
    @Override
    public String toString() {
        return "Identity[" + Certificates.describe(certificate()) + "]";
    }
}
