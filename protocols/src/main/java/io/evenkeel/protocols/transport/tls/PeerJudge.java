package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.core.PeerPolicy;
import io.evenkeel.certs.core.PeerVerdict;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The judge of peers whose TLS handshake has succeeded. Any thread.
 *
 * <p>TLS sessions are not resumed: connections live for days, so that nothing is gained, and a resumed session would
 * keep the verdict of an earlier trust store. This member never offers to resume one; a peer that does is refused,
 * since the trust manager has not looked at it in this handshake.
 */
final class PeerJudge {
    private final HandshakeRecorder witness;
    private final PeerPolicy authorizedPeers;
    private final boolean bindAddress;

    PeerJudge(HandshakeRecorder witness, PeerPolicy authorizedPeers, boolean bindAddress) {
        this.witness = witness;
        this.authorizedPeers = authorizedPeers;
        this.bindAddress = bindAddress;
    }

    /** The certificates that the peer has shown in a handshake that succeeded, once; null if none. */
    @Nullable PeerCredentials credentials(SSLEngine engine) {
        return witness.takeJudged(engine);
    }

    /** Judges by the certificate. */
    Optional<Refusal> judge(@Nullable PeerCredentials peer) {
        if (peer == null) {
            return Optional.of(new Refusal(
                    Reason.TLS_FAILURE, "it resumed an earlier TLS session, which would keep an earlier verdict"));
        }
        return authorized(peer.certificate());
    }

    /** The reason of a failed handshake with the certificate that it is about, as far as there is one. */
    Refusal explain(SSLEngine engine, Refusal refusal) {
        X509Certificate shown = witness.takeShown(engine);
        return shown == null || !refusal.reason().ofCertificate()
                ? refusal
                : new Refusal(refusal.reason(), refusal.detail() + ", certificate " + CertificateLabel.of(shown));
    }

    private Optional<Refusal> authorized(X509Certificate certificate) {
        return authorizedPeers.verdict(certificate) instanceof PeerVerdict.Refused refused
                ? Optional.of(new Refusal(Reason.NOT_AUTHORIZED, refused.message()))
                : Optional.empty();
    }

    /** Judges by the address that the peer says it has. */
    Optional<Refusal> judge(SSLEngine engine, InetAddress claimed) {
        return bindAddress ? bound(certificate(engine), claimed) : Optional.empty();
    }

    /** Judges as both other methods together do. */
    Optional<Refusal> judge(X509Certificate certificate, InetAddress claimed) {
        return authorized(certificate).or(() -> bindAddress ? bound(certificate, claimed) : Optional.empty());
    }

    private static Optional<Refusal> bound(X509Certificate certificate, InetAddress claimed) {
        return bears(certificate, claimed)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Reason.ADDRESS_NOT_CERTIFIED,
                        "it says that its address is " + claimed.getHostAddress()
                                + ", which is not among the IP addresses in its certificate"));
    }

    /** True if an address is among the IP addresses in a certificate. Names are not resolved: that would block. */
    private static boolean bears(X509Certificate certificate, InetAddress address) {
        String host = address.getHostAddress();
        int scope = host.indexOf('%');
        PeerPolicy policy =
                PeerPolicy.parse("bind_identity_to_address", "ip:" + (scope < 0 ? host : host.substring(0, scope)));
        return policy.verdict(certificate) instanceof PeerVerdict.Accepted;
    }

    private static X509Certificate certificate(SSLEngine engine) {
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            return (X509Certificate) chain[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a handshake without a certificate must not succeed", e);
        }
    }
}
