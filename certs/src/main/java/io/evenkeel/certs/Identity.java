package io.evenkeel.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * Who a member is: a private key and the certificates that vouch for it.
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

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Names the certificate; says nothing of the key. */
    @Override
    public String toString() {
        return "Identity[" + Certificates.describe(certificate()) + "]";
    }
}
