package io.evenkeel.protocols.transport.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificates that a peer has shown in its handshake, with what a trust manager is asked about them.
 *
 * @param chain the peer's own certificate first
 * @param authType the name that TLS has for the key exchange, as it was in the handshake
 * @param client whether the peer was the client
 */
public record PeerCredentials(List<X509Certificate> chain, String authType, boolean client) {

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Asks again, without the handshake, which is over. May take as long as a list of revoked certificates takes. */
    void check(X509ExtendedTrustManager trust) throws CertificateException {
        X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
        if (client) {
            trust.checkClientTrusted(certificates, authType);
        } else {
            trust.checkServerTrusted(certificates, authType);
        }
    }
}
