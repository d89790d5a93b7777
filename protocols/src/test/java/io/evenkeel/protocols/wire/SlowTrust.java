package io.evenkeel.protocols.wire;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges as another one does, after it has waited. */
final class SlowTrust extends X509ExtendedTrustManager {
    /** What may take its time. */
    interface Wait {
        void await() throws InterruptedException;
    }

    private final X509ExtendedTrustManager judge;
    private final Wait wait;

    SlowTrust(X509ExtendedTrustManager judge, Wait wait) {
        this.judge = judge;
        this.wait = wait;
    }

    private void waitFirst() throws CertificateException {
        try {
            wait.await();
        } catch (InterruptedException e) {
            throw new CertificateException(e);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        waitFirst();
        judge.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        waitFirst();
        judge.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        waitFirst();
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        waitFirst();
        judge.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        waitFirst();
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        waitFirst();
        judge.checkServerTrusted(chain, authType);
    }
}
