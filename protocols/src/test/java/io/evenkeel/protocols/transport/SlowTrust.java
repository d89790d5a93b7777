package io.evenkeel.protocols.transport;

import io.evenkeel.certs.ForwardingTrustManager;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges as another one does, after it has waited. */
final class SlowTrust extends ForwardingTrustManager {
    /** Work that may take its time. */
    interface Wait {
        void await() throws InterruptedException;
    }

    private final X509ExtendedTrustManager judge;
    private final Wait wait;

    SlowTrust(X509ExtendedTrustManager judge, Wait wait) {
        this.judge = judge;
        this.wait = wait;
    }

    @Override
    protected X509ExtendedTrustManager delegate() {
        try {
            wait.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return judge;
    }

    /** No judgement, and asked for before there is a peer. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
