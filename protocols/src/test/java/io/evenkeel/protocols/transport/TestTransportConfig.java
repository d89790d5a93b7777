package io.evenkeel.protocols.transport;

import io.evenkeel.protocols.transport.config.Binding;
import io.evenkeel.protocols.transport.config.SocketOptions;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.core.Backoff;
import io.evenkeel.protocols.transport.core.PeerLifecycle;
import java.net.InetAddress;
import org.jgroups.stack.IpAddress;

/** A wire's configuration on loopback, with short times. */
public final class TestTransportConfig {
    /** More than the first TLS handshake of a JVM takes that has a fraction of a processor. */
    static final int HANDSHAKE_TIMEOUT_MS = 60_000;

    private static final int QUEUE_BYTES = 1 << 20;
    private static final int MIN_FRAME_BYTES = 65_536;

    private TestTransportConfig() {}

    public static TransportConfig withFrames(int maxFrameBytes) {
        return of(0, null, maxFrameBytes, QUEUE_BYTES, 60_000);
    }

    /** As the other one, and members on JGroups' TCP are taken. */
    static TransportConfig withStockPeers(int maxFrameBytes) {
        return withStockPeers(withFrames(maxFrameBytes));
    }

    static TransportConfig withStockPeers(TransportConfig usual) {
        return with(usual, usual.sockets(), true);
    }

    public static TransportConfig withQueue(long maxQueuedBytes) {
        return of(0, null, MIN_FRAME_BYTES, maxQueuedBytes, 60_000);
    }

    /** As usual, but for how long refusals have to go on and an introduction may take, in milliseconds. */
    static TransportConfig patient(long minRefusalMs, int handshakeTimeoutMs) {
        return of(0, null, MIN_FRAME_BYTES, QUEUE_BYTES, 60_000, minRefusalMs, handshakeTimeoutMs);
    }

    /** With what a socket may be told; bytes and seconds. */
    public static TransportConfig sockets(
            InetAddress clientBind, int recvBuf, int sendBuf, boolean noDelay, int linger) {
        TransportConfig usual = patient(50, HANDSHAKE_TIMEOUT_MS);
        return with(
                usual,
                new SocketOptions(
                        clientBind,
                        usual.sockets().connectTimeoutMs(),
                        usual.sockets().deadConnectionTimeoutMs(),
                        recvBuf,
                        sendBuf,
                        noDelay,
                        linger),
                usual.stockPeers());
    }

    private static TransportConfig with(TransportConfig usual, SocketOptions sockets, boolean stockPeers) {
        return new TransportConfig(
                usual.binding(),
                sockets,
                usual.lifecycle(),
                usual.maxFrameBytes(),
                usual.maxQueuedBytes(),
                usual.handshakeTimeoutMs(),
                usual.maxPendingHandshakes(),
                usual.nonMemberGraceMs(),
                usual.goodbyeTimeoutMs(),
                usual.eventLoopThreads(),
                stockPeers);
    }

    /** @param announced the address that peers are told; null for the one that is bound */
    static TransportConfig of(int port, IpAddress announced, int maxFrameBytes, long graceMs) {
        return of(port, announced, maxFrameBytes, QUEUE_BYTES, graceMs);
    }

    private static TransportConfig of(
            int port, IpAddress announced, int maxFrameBytes, long maxQueuedBytes, long graceMs) {
        return of(port, announced, maxFrameBytes, maxQueuedBytes, graceMs, 50, HANDSHAKE_TIMEOUT_MS);
    }

    private static TransportConfig of(
            int port,
            IpAddress announced,
            int maxFrameBytes,
            long maxQueuedBytes,
            long graceMs,
            long minRefusalMs,
            int handshakeTimeoutMs) {
        return new TransportConfig(
                new Binding(
                        InetAddress.getLoopbackAddress(),
                        port,
                        0,
                        announced == null ? null : announced.getIpAddress(),
                        announced == null ? 0 : announced.getPort()),
                new SocketOptions(null, 2000, 15_000, 0, 0, true, -1),
                // Without liveness connections, which these ends have between members only, refusals are all there is.
                new PeerLifecycle.Limits(new Backoff(5, 50), minRefusalMs, minRefusalMs),
                maxFrameBytes,
                maxQueuedBytes,
                handshakeTimeoutMs,
                100,
                graceMs,
                1000,
                2,
                false);
    }
}
