package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockPeers.Alpn;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Makes the TLS handlers of connections: a certificate required of either side, no host names (members
 * come and go at any address; the CA decides who is one).
 *
 * <p>Signatures and chain checks run on a few threads of their own, so that neither a storm of handshakes nor one that
 * waits for a list of revoked certificates holds the event loops that carry the cluster's traffic. The pool's queue
 * needs no bound: no handshake has more than one task in it, and handshakes are bounded.
 */
public final class TlsEngines {
    /** Checks that wait for another party's server must not hold all others up, whatever the number of processors. */
    private static final int THREADS = 4;

    /**
     * A life of sessions that is longer than a ticket of TLS 1.3 may live (RFC 8446, 4.6.1): the JDK then sends none.
     */
    private static final long NO_TICKETS_S = 604_801;

    /** The name of the own framing, which a peer on JGroups' TCP does not know (RFC 7301). */
    static final String OWN_PROTOCOL = "evenkeel";

    private final SslContext server;
    private final SslContext client;
    private final TlsMaterial material;
    private final PeerJudge judge;
    private final TlsProvider provider;
    private final String protocols;
    private final ThreadPoolExecutor tasks;
    private final boolean tickets;

    /**
     * Engines for the keys and the trust of the moment of each.
     *
     * @param tickets whether peers may be given the means to resume a session; those on JGroups' TCP would, and are
     *     refused if they do, see {@link PeerJudge}
     */
    public TlsEngines(TlsSettings settings, String threadName, boolean tickets) throws SSLException {
        this.tickets = tickets;
        material = settings.material();
        HandshakeRecorder witness = new HandshakeRecorder(material.trustManager());
        judge = new PeerJudge(witness, settings.authorizedPeers(), settings.bindAddress());
        provider = TlsProvider.choose(settings);
        protocols = String.join(" and ", settings.protocols());
        server = equip(SslContextBuilder.forServer(material.keyManager()), witness, settings)
                .clientAuth(ClientAuth.REQUIRE)
                .sessionTimeout(tickets ? 0 : NO_TICKETS_S)
                .build();
        client = equip(SslContextBuilder.forClient().keyManager(material.keyManager()), witness, settings)
                .build();
        tasks = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(threadName, true));
        tasks.allowCoreThreadTimeOut(true);
    }

    private SslContextBuilder equip(SslContextBuilder builder, HandshakeRecorder trust, TlsSettings settings) {
        builder.sslProvider(provider.kind())
                .trustManager(isNative() ? new AlertMappingTrustManager(trust) : trust)
                .protocols(settings.protocols())
                // Members have no host names to be compared with a certificate's.
                .endpointIdentificationAlgorithm(null);
        if (!settings.ciphers().isEmpty()) {
            builder.ciphers(settings.ciphers());
        }
        if (isNative()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    OWN_PROTOCOL));
        }
        if (!settings.namedGroups().isEmpty()) {
            builder.option(OpenSslContextOption.GROUPS, settings.namedGroups().toArray(String[]::new));
        }
        return builder;
    }

    public SslHandler handler(ByteBufAllocator allocator, boolean outgoing) {
        SslHandler handler = (outgoing ? client : server).newHandler(allocator, tasks);
        if (!isNative()) {
            tellProtocol(handler.engine(), outgoing);
        } else if (!outgoing && !tickets && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        // PeerConnection's own timer covers TLS and everything up to the accepted HELLO.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /**
     * As Netty's configuration does for BoringSSL: its wrapper around the JDK's engine would hide which engine the
     * trust manager was asked about. A peer that offers other protocols only, such as a balancer's check, goes on
     * without one.
     */
    private static void tellProtocol(SSLEngine engine, boolean outgoing) {
        try {
            if (outgoing) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {OWN_PROTOCOL});
                engine.setSSLParameters(parameters);
            } else {
                engine.setHandshakeApplicationProtocolSelector(
                        (asked, offered) -> offered.contains(OWN_PROTOCOL) ? OWN_PROTOCOL : "");
            }
        } catch (UnsupportedOperationException e) {
            // A security provider without ALPN: this member is taken for one on JGroups' TCP where such are taken.
            return;
        }
    }

    /** The evidence of a handshake that has succeeded about the peer's framing. */
    public Alpn alpn(SslHandler handler) {
        SSLEngine engine = handler.engine();
        String agreed;
        try {
            agreed = isNative() ? handler.applicationProtocol() : engine.getApplicationProtocol();
        } catch (UnsupportedOperationException e) {
            agreed = null;
        }
        return OWN_PROTOCOL.equals(agreed) ? Alpn.OWN : Alpn.ABSENT;
    }

    /** The certificates that the peer of a handler has shown in a handshake that succeeded, once; null if none. */
    public @Nullable PeerCredentials credentials(SslHandler handler) {
        return judge.credentials(handler.engine());
    }

    /**
     * Judges what a peer has shown in a handshake that Netty takes for done. With the JDK's engine it does so too when
     * the peer has ended the TLS session before it has shown anything.
     */
    public Optional<Refusal> judge(SslHandler handler, @Nullable PeerCredentials peer) {
        return peer == null && handler.engine().isInboundDone()
                ? Optional.of(new Refusal(
                        Refusal.Reason.ABORTED, "the peer closed the connection in the middle of the TLS handshake"))
                : judge.judge(peer);
    }

    /** Asks whether a peer that was trusted in its handshake still is; may take long. */
    public void check(PeerCredentials peer) throws CertificateException {
        peer.check(material.trustManager());
    }

    /** The authorities that are trusted now. */
    public List<X509Certificate> authorities() {
        return List.of(material.trustManager().getAcceptedIssuers());
    }

    /** Names the certificate that a failed handshake was about. */
    public Refusal explain(SslHandler handler, Refusal refusal) {
        return handler == null ? refusal : judge.explain(handler.engine(), refusal);
    }

    /** Runs something that may take long beside the checks of handshakes. */
    public void execute(Runnable task) {
        tasks.execute(task);
    }

    /** Judges what the peer of such a handler says of its address. */
    public Optional<Refusal> judge(SslHandler handler, InetAddress claimed) {
        return judge.judge(handler.engine(), claimed);
    }

    public String describe() {
        return protocols + " (" + provider.describe() + "), client certificates required";
    }

    /**
     * The reason why BoringSSL cannot use the keys and the trust that are there now; null if it can, or does not run.
     */
    public @Nullable String obstacle() {
        return isNative() ? TlsProvider.algorithmObstacle(material) : null;
    }

    /** True if peers that run BoringSSL refuse this member's key. */
    public boolean needsJdkPeers() {
        return OwnCertificates.of(material.keyManager()).stream().anyMatch(own -> !TlsProvider.isTaken(own));
    }

    /** True if BoringSSL runs, which works on memory outside of the heap. */
    public boolean isNative() {
        return provider.isNative();
    }

    /** The earliest end of this member's own certificates; null if the key manager does not tell. */
    public @Nullable Instant notAfter() {
        return OwnCertificates.of(material.keyManager()).stream()
                .map(own -> own.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Checks this member's own certificate by what every member checks. */
    public void requireUsableCertificate(InetAddress address, Instant now) throws IOException {
        Instant end = notAfter();
        if (end != null && end.isBefore(now)) {
            throw new IOException(TransportMessages.OWN_CERTIFICATE_EXPIRED.text(end));
        }
        for (X509Certificate own : OwnCertificates.of(material.keyManager())) {
            Optional<Refusal> refusal = judge.judge(own, address);
            if (refusal.isPresent()) {
                throw new IOException(TransportMessages.OWN_CERTIFICATE_REFUSED.text(
                        refusal.get().detail(), refusal.get().reason().remedy()));
            }
        }
    }

    /** Ends the threads and gives the natives' memory back; engines that are still open keep what they need. */
    public void shutdown() {
        tasks.shutdownNow();
        ReferenceCountUtil.release(server);
        ReferenceCountUtil.release(client);
    }
}
