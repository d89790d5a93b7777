package io.evenkeel.certs;

import javax.net.ssl.X509ExtendedTrustManager;

/** Judges by the trust that was installed last. */
final class ReloadingTrustManager extends ForwardingTrustManager {

    private volatile X509ExtendedTrustManager current;

    ReloadingTrustManager(X509ExtendedTrustManager first) {
        current = first;
    }

    void install(X509ExtendedTrustManager next) {
        current = next;
    }

    @Override
    protected X509ExtendedTrustManager delegate() {
        return current;
    }
}
