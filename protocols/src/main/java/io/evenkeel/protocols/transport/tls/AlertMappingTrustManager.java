package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.ForwardingTrustManager;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertificateException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Has BoringSSL tell a refused peer why, where Netty would have it say internal_error: Netty knows the JDK's exceptions
 * of validity and revocation only. (The JDK's own TLS says certificate_unknown to every client, whatever was thrown.)
 */
final class AlertMappingTrustManager extends ForwardingTrustManager {
    // X509_V_ERR_* of OpenSSL's x509_vfy.h.
    private static final int UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20;
    private static final int INVALID_PURPOSE = 26;

    private final X509ExtendedTrustManager delegate;

    AlertMappingTrustManager(X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    @Override
    protected X509ExtendedTrustManager delegate() {
        return delegate;
    }

    @Override
    protected CertificateException refused(CertificateException why) {
        return switch (HandshakeRefusal.of(why).reason()) {
            case UNKNOWN_AUTHORITY -> new OpenSslCertificateException(why, UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
            case WRONG_USAGE -> new OpenSslCertificateException(why, INVALID_PURPOSE);
            default -> why;
        };
    }
}
