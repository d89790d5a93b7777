package io.evenkeel.protocols.transport;

import io.evenkeel.certs.core.Expiry;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.config.TrustChecks;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.io.ConnectRefusal;
import io.evenkeel.protocols.transport.io.Dialer;
import io.evenkeel.protocols.transport.io.EventLoops;
import io.evenkeel.protocols.transport.io.HandshakeLimiter;
import io.evenkeel.protocols.transport.io.PortBinder;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.evenkeel.protocols.transport.io.TransportListener;
import io.evenkeel.protocols.transport.peer.PeerTable;
import io.evenkeel.protocols.transport.peer.Peers;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import io.evenkeel.protocols.transport.peer.Prober;
import io.evenkeel.protocols.transport.peer.Sender;
import io.evenkeel.protocols.transport.peer.TrustWatch;
import io.evenkeel.protocols.transport.tls.TlsEngines;
import io.evenkeel.protocols.transport.tls.TlsSettings;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jgroups.logging.Log;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one member: one listening port, at most one connection to each peer. Bound at first, so that its
 * address is known; opened when the cluster's name is; then it leaves, and is shut down, after which it sends nothing.
 *
 * <p>All methods may be called by any thread; none waits for a peer but {@link #leave()}, which waits a bounded time.
 */
public final class Transport {
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final TransportContext context;
    private final EventLoops loops;
    /** The single writer of the table of peers; connections are spread over all loops. */
    private final EventLoop control;

    private final Dialer dialer;
    private final Peers peers;
    private final PeerTable table;
    private final Prober prober;
    private final Sender sender;
    private final Channel server;
    private final IpAddress address;
    private final long incarnation;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Future<?> sweeping;
    private volatile @Nullable TrustWatch trust;

    /**
     * Binds the port; no peer is let in before {@link #open}.
     *
     * @param security null for plain text
     * @param incarnation a random number for this start
     * @throws IOException if no port could be bound or the material does not make TLS; one line, with the remedy
     */
    public Transport(
            TransportConfig config,
            @Nullable TlsSettings security,
            long incarnation,
            TransportListener listener,
            TransportStats stats,
            Log log)
            throws IOException {
        this.incarnation = incarnation;
        TlsEngines tls = security == null ? null : new TlsEngines(security, "evenkeel-tls", !config.stockPeers());
        context = new TransportContext(config, tls, listener, stats, log);
        ConnectRefusal.texts();
        loops = EventLoops.acquire(config.eventLoopThreads());
        control = loops.next();
        dialer = new Dialer(context, loops, control);
        peers = new Peers(config, stats, context.members);
        prober = new Prober(context, dialer, control);
        table = new PeerTable(context, dialer, peers, control);
        sender = new Sender(context, peers, table, dialer, control);
        try {
            server = PortBinder.bind(config.binding(), loops, new HandshakeLimiter(context, dialer, table, control));
        } catch (IOException e) {
            releaseThreads();
            throw e;
        }
        address = config.binding().announced((InetSocketAddress) server.localAddress());
    }

    /**
     * Checks that peers could accept this member.
     *
     * @throws IOException if they could not; one line, with the remedy
     */
    public void requireUsableCertificate(Instant now) throws IOException {
        if (context.tls != null) {
            context.tls.requireUsableCertificate(address.getIpAddress(), now);
        }
    }

    /** Has the peers of open connections judged again from now on; to be called once at the most, and with TLS only. */
    public void watchTrust(TrustChecks checks) {
        trust = new TrustWatch(context, control, checks);
        trust.start();
    }

    /**
     * Lets peers in and speaks for this member from now on.
     *
     * @param version of Evenkeel, told to peers
     */
    public void open(String clusterName, ByteBuffer member, String version) {
        InetSocketAddress here = new InetSocketAddress(address.getIpAddress(), address.getPort());
        context.introduceAs(new Hello(clusterName, here, incarnation, member).of(version));
        server.config().setAutoRead(true);
        long sweepMs = context.config.nonMemberGraceMs();
        sweeping = control.scheduleWithFixedDelay(table::sweep, sweepMs, sweepMs, TimeUnit.MILLISECONDS);
    }

    /** Takes messages for peers. */
    public Sender sender() {
        return sender;
    }

    /** Queues a frame for the peer and returns, see {@link Sender#bytes}. */
    public void send(IpAddress peer, byte[] data, int offset, int length) {
        sender.requireFit(length);
        if (!peer.equals(address)) {
            sender.bytes(peer, data, offset, length);
        }
    }

    /** Keeps connections to these addresses; others are closed once they have been idle for a while. */
    public void retain(Set<IpAddress> members) {
        context.members.set(members);
        table.membersChanged();
    }

    /** Has all connections replaced in turn, without losing a frame: keys or trust have changed. */
    public void renewConnections() {
        table.renew();
        if (trust != null) {
            trust.changed();
        }
    }

    /** Closes all connections; those that are needed are made again. */
    public void clearConnections(boolean graceful) {
        control.execute(() -> table.clearConnections(graceful));
    }

    public CompletionStage<ProbeResult> probe(IpAddress peer, long timeoutMs) {
        if (context.ours() == null || closed.get()) {
            return CompletableFuture.completedFuture(
                    new ProbeResult.Silent("this member is not connected to a cluster", false));
        }
        return prober.probe(peer, timeoutMs);
    }

    /** Stops listening and says goodbye to all peers; waits until they have closed, for a bounded time. */
    public void leave() {
        server.close().awaitUninterruptibly();
        CountDownLatch left = new CountDownLatch(1);
        control.execute(table::leave);
        control.execute(() -> whenAlone(left));
        try {
            left.await(2L * context.config.goodbyeTimeoutMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void whenAlone(CountDownLatch left) {
        if (table.isConnected()) {
            control.schedule(() -> whenAlone(left), 1, TimeUnit.MILLISECONDS);
        } else {
            left.countDown();
        }
    }

    /** Ends everything that is left: sockets, queues, threads. */
    public void shutdown() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.close().awaitUninterruptibly();
        sender.close();
        if (sweeping != null) {
            sweeping.cancel(false);
        }
        if (trust != null) {
            control.execute(trust::end);
        }
        control.submit(table::clear).awaitUninterruptibly();
        // Others may go on with the loops, so that the end of the loops is no end of the connections.
        if (!dialer.closeAll().awaitUninterruptibly(CLOSE_TIMEOUT_MS)) {
            context.log.info(TransportMessages.CONNECTIONS_LATE);
        }
        releaseThreads();
    }

    private void releaseThreads() {
        if (!loops.release()) {
            context.log.info(TransportMessages.LOOPS_LATE);
        }
        if (context.tls != null) {
            context.tls.shutdown();
        }
    }

    public IpAddress address() {
        return address;
    }

    /** The port that was bound, which with an external address is not the one that peers use. */
    public int boundPort() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    public long incarnation() {
        return incarnation;
    }

    public String loopKind() {
        return loops.kind();
    }

    /** The protection of the traffic, for a log line. */
    public String security() {
        return context.tls == null ? "none" : context.tls.describe();
    }

    /**
     * The reason why BoringSSL cannot use the keys and the trust that are there now; null if it can, or does not run.
     */
    public @Nullable String tlsObstacle() {
        return context.tls == null ? null : context.tls.obstacle();
    }

    /** True if peers that run BoringSSL refuse this member's key. */
    public boolean needsJdkPeers() {
        return context.tls != null && context.tls.needsJdkPeers();
    }

    /** 0 for the JDK's TLS, 1 for BoringSSL, -1 for none. */
    public int tlsProvider() {
        if (context.tls == null) {
            return -1;
        }
        return context.tls.isNative() ? 1 : 0;
    }

    /** The end of this member's certificate; null in plain mode, or if the key manager does not tell. */
    public @Nullable Instant certificateNotAfter() {
        return context.tls == null ? null : context.tls.notAfter();
    }

    /**
     * The earliest end of the certificates that the peers of open connections have shown; null if there is none.
     */
    public @Nullable Instant peerCertificatesNotAfter() {
        return context.secured.stream()
                .flatMap(connection -> Stream.ofNullable(connection.credentials()))
                .map(credentials -> Expiry.notAfter(credentials.chain()))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The number of messages and frames that wait for all peers. */
    public int queued() {
        return peers.queued();
    }

    public long queuedBytes() {
        return peers.queuedBytes();
    }

    /** The most that waits for any one peer. */
    public long queuedBytesMax() {
        return peers.queuedBytesMax();
    }

    /** The bytes that wait for each peer. */
    public String queuedBytesByPeer() {
        return peers.queuedBytesByPeer();
    }

    /** Protocols and ciphers in use now, each once. */
    public String securityInUse() {
        return peers.securityInUse();
    }

    /** The form of what goes over the connection with a peer; empty if there is none. */
    public Optional<Framing> framing(IpAddress peer) {
        return peers.framing(peer);
    }

    /** The number of peers on JGroups' TCP with which there is a connection. */
    public int stockConnections() {
        return peers.stockConnections();
    }

    /** A line per peer. */
    public String printConnections() {
        return peers.describe();
    }
}
