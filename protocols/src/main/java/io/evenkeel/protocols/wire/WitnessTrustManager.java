package io.evenkeel.protocols.wire;

import io.evenkeel.certs.ForwardingTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Remembers which handshakes its delegate has judged, and found good. Any thread. */
final class WitnessTrustManager extends ForwardingTrustManager {
    private final X509ExtendedTrustManager delegate;
    private final Set<SSLEngine> judged = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    WitnessTrustManager(X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    @Override
    protected X509ExtendedTrustManager delegate() {
        return delegate;
    }

    /** Whether the peer's certificate was looked at in this engine's handshake; forgets it. */
    boolean takeJudged(SSLEngine engine) {
        return judged.remove(engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        super.checkClientTrusted(chain, authType, engine);
        judged.add(engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        super.checkServerTrusted(chain, authType, engine);
        judged.add(engine);
    }
}
