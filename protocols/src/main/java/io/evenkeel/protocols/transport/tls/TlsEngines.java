package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.core.Refusal;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
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
import javax.net.ssl.SSLException;

/**
 * Makes the TLS handlers of connections: a certificate required of either side, no host names (members
 * come and go at any address; the CA decides who is one).
 *
 * <p>Signatures and chain checks run on a few threads of their own, so that neither a storm of handshakes nor one that waits
 * for a list of revoked certificates holds the event loops that carry the cluster's traffic. The pool's queue needs no bound:
 * no handshake has more than one task in it, and handshakes are bounded.
 */
public final class TlsEngines {
    /** Checks that wait for somebody else's server must not hold all others up, whatever the number of processors. */
    private static final int THREADS = 4;

    private final SslContext server;
    private final SslContext client;
    private final TlsMaterial material;
    private final PeerJudge judge;
    private final TlsProvider provider;
    private final String protocols;
    private final ThreadPoolExecutor tasks;

    public TlsEngines(TlsSettings settings, String threadName) throws SSLException {
        material = settings.material();
        HandshakeRecorder witness = new HandshakeRecorder(material.trustManager());
        judge = new PeerJudge(witness, settings.authorizedPeers(), settings.bindAddress());
        provider = TlsProvider.choose(settings);
        protocols = String.join(" and ", settings.protocols());
        server = equip(SslContextBuilder.forServer(material.keyManager()), witness, settings)
                .clientAuth(ClientAuth.REQUIRE)
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
        if (!settings.namedGroups().isEmpty()) {
            builder.option(OpenSslContextOption.GROUPS, settings.namedGroups().toArray(String[]::new));
        }
        return builder;
    }

    public SslHandler handler(ByteBufAllocator allocator, boolean outgoing) {
        SslHandler handler = (outgoing ? client : server).newHandler(allocator, tasks);
        // PeerConnection's own timer covers TLS and everything up to the accepted HELLO.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** What the peer of a handler has shown whose handshake has succeeded, once; null if it showed nothing. */
    public PeerCredentials credentials(SslHandler handler) {
        return judge.credentials(handler.engine());
    }

    /** Judges what a peer has shown. */
    public Optional<Refusal> judge(PeerCredentials peer) {
        return judge.judge(peer);
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

    /** Why BoringSSL cannot use the keys and the trust that are there now; null if it can, or does not run. */
    public String obstacle() {
        return isNative() ? TlsProvider.algorithmObstacle(material) : null;
    }

    /** Whether peers that run BoringSSL refuse this member's key. */
    public boolean needsJdkPeers() {
        return OwnCertificates.of(material.keyManager()).stream().anyMatch(own -> !TlsProvider.isTaken(own));
    }

    /** Whether BoringSSL runs, which works on memory outside of the heap. */
    public boolean isNative() {
        return provider.isNative();
    }

    /** When the first of this member's own certificates expires; null if the key manager does not tell. */
    public Instant notAfter() {
        return OwnCertificates.of(material.keyManager()).stream()
                .map(own -> own.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Checks this member's own certificate by what every member checks. */
    public void requireUsableCertificate(InetAddress address, Instant now) throws IOException {
        Instant end = notAfter();
        if (end != null && end.isBefore(now)) {
            throw new IOException("this member's certificate expired on " + end + "; renew it and start again");
        }
        for (X509Certificate own : OwnCertificates.of(material.keyManager())) {
            Optional<Refusal> refusal = judge.judge(own, address);
            if (refusal.isPresent()) {
                throw new IOException("peers with the same settings would refuse this member: "
                        + refusal.get().detail() + "; " + refusal.get().reason().remedy());
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
