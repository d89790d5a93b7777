package io.evenkeel.certs;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Delegates to a trust manager that can change between calls. Subclasses override what they
 * want to do beyond that.
 */
public abstract class ForwardingTrustManager extends X509ExtendedTrustManager {

    /** The member that answers the question that was just asked. Any thread. */
    protected abstract X509ExtendedTrustManager delegate();

    /** Called with each refusal; what it returns is thrown in its place. Any thread. */
    protected CertificateException refused(CertificateException why) {
        return why;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            delegate().checkClientTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            delegate().checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            delegate().checkClientTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            delegate().checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            delegate().checkClientTrusted(chain, authType);
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            delegate().checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            throw refused(e);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return delegate().getAcceptedIssuers();
    }
}
