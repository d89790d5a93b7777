package io.evenkeel.stacks.cli.facts;

import io.evenkeel.certs.Certificates;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.Expiry;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.certs.core.PeerPolicy;
import io.evenkeel.certs.core.PeerVerdict;
import io.evenkeel.stacks.cli.core.CertificateFacts;
import io.evenkeel.stacks.cli.settings.TlsSource;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges certificates by the trust of this host and by its rules about peers, with the code that members judge with.
 */
final class CertificateJudge {
    /** The JDK's name for the key exchange of TLS 1.3, which does not tell how the certificate is used. */
    private static final String TLS_1_3 = "UNKNOWN";

    private final X509ExtendedTrustManager trust;
    private final PeerPolicy authorizedPeers;
    private final boolean bindAddress;
    private final Instant now;

    CertificateJudge(List<X509Certificate> trusted, TlsSource source, Instant now) {
        trust = TlsMaterial.trustManager(trusted);
        authorizedPeers = source.authorizedPeers();
        bindAddress = source.bindIdentityToAddress();
        this.now = now;
    }

    /**
     * Judges.
     *
     * @param chain at least one, the node's own first
     * @param address of the node, if it is known
     */
    CertificateFacts of(List<X509Certificate> chain, Optional<InetAddress> address) {
        X509Certificate own = chain.get(0);
        Optional<String> unauthorized = authorizedPeers.verdict(own) instanceof PeerVerdict.Refused refused
                ? Optional.of(refused.message())
                : Optional.empty();
        Optional<String> uncertified =
                address.filter(here -> bindAddress && !bears(own, here)).map(InetAddress::getHostAddress);
        return new CertificateFacts(
                Certificates.describe(own).replaceFirst("^the certificate ", ""),
                Expiry.notAfter(chain),
                Expiry.level(chain, now),
                distrust(chain),
                unauthorized,
                uncertified);
    }

    private Optional<HandshakeRefusal.Reason> distrust(List<X509Certificate> chain) {
        X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
        try {
            // A member is client and server.
            trust.checkServerTrusted(shown, TLS_1_3);
            trust.checkClientTrusted(shown, TLS_1_3);
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of(HandshakeRefusal.of(e).reason());
        }
    }

    private static boolean bears(X509Certificate certificate, InetAddress address) {
        PeerPolicy policy = PeerPolicy.parse(
                "bind_identity_to_address", "ip:" + address.getHostAddress().replaceFirst("%.*", ""));
        return policy.verdict(certificate) instanceof PeerVerdict.Accepted;
    }
}
