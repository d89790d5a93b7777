package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.ForwardingTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Remembers what each handshake has shown to its delegate, and what of that was found good. Any thread. */
final class HandshakeRecorder extends ForwardingTrustManager {
    private final X509ExtendedTrustManager delegate;
    private final Map<SSLEngine, PeerCredentials> judged = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<SSLEngine, X509Certificate> shown = Collections.synchronizedMap(new WeakHashMap<>());

    HandshakeRecorder(X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    @Override
    protected X509ExtendedTrustManager delegate() {
        return delegate;
    }

    /** The credentials that were found good in this engine's handshake, once; null if none were looked at. */
    @Nullable PeerCredentials takeJudged(SSLEngine engine) {
        shown.remove(engine);
        return judged.remove(engine);
    }

    /** The certificate that was shown in this engine's handshake, good or not, once; null if there was none. */
    @Nullable X509Certificate takeShown(SSLEngine engine) {
        return shown.remove(engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        shown.put(engine, chain[0]);
        super.checkClientTrusted(chain, authType, engine);
        judged.put(engine, new PeerCredentials(List.of(chain), authType, true));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        shown.put(engine, chain[0]);
        super.checkServerTrusted(chain, authType, engine);
        judged.put(engine, new PeerCredentials(List.of(chain), authType, false));
    }
}
