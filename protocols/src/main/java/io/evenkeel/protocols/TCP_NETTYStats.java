package io.evenkeel.protocols;

import io.evenkeel.protocols.transport.Transport;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.config.TransportStats.Drop;
import java.time.Duration;
import java.time.Instant;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;

/** The statistics of {@link TCP_NETTY}, kept over restarts of the channel until they are reset. */
public abstract class TCP_NETTYStats extends TCP_NETTYConfig {
    private final TransportStats wireStats = new TransportStats();
    private final DeliveryFailures failures = new DeliveryFailures(log);

    /** null while stopped. */
    abstract Transport wire();

    final DeliveryFailures failures() {
        return failures;
    }

    @ManagedAttribute(
            description = "Messages or batches whose delivery ended in an exception of a receiver or protocol",
            type = AttributeType.SCALAR)
    public long getDeliveryFailures() {
        return failures.count();
    }

    @ManagedAttribute(description = "Connections that are open", type = AttributeType.SCALAR, gauge = true)
    public int getOpenConnections() {
        return wireStats.openConnections.get();
    }

    @ManagedAttribute(
            description =
                    "Idle connections whose end is evidence of a member's end; one per member, as the other one is",
            type = AttributeType.SCALAR,
            gauge = true)
    public int getLivenessConnections() {
        return wireStats.livenessConnections.get();
    }

    @ManagedAttribute(
            description = "Incoming connections in their handshake",
            type = AttributeType.SCALAR,
            gauge = true)
    public int getPendingHandshakes() {
        return wireStats.pendingHandshakes.get();
    }

    @ManagedAttribute(description = "Handshakes that succeeded", type = AttributeType.SCALAR)
    public long getHandshakesOk() {
        return wireStats.handshakesOk.sum();
    }

    @ManagedAttribute(description = "Peers refused by this member", type = AttributeType.SCALAR)
    public long getHandshakesRefused() {
        return wireStats.handshakesRefused();
    }

    @ManagedAttribute(description = "How often this member refused a peer for which reason, ordinary life included")
    public String getRefusalsByReason() {
        return wireStats.refusalsByReason();
    }

    @ManagedAttribute(description = "Connection attempts of this member that failed", type = AttributeType.SCALAR)
    public long getConnectsFailed() {
        return wireStats.connectsFailed.sum();
    }

    @ManagedAttribute(description = "Frames sent", type = AttributeType.SCALAR)
    public long getFramesSent() {
        return wireStats.framesSent.sum();
    }

    @ManagedAttribute(description = "Bytes sent, without framing and TLS", type = AttributeType.BYTES)
    public long getBytesSent() {
        return wireStats.bytesSent.sum();
    }

    @ManagedAttribute(description = "Frames received", type = AttributeType.SCALAR)
    public long getFramesReceived() {
        return wireStats.framesReceived.sum();
    }

    @ManagedAttribute(description = "Bytes received, without framing and TLS", type = AttributeType.BYTES)
    public long getBytesReceived() {
        return wireStats.bytesReceived.sum();
    }

    @ManagedAttribute(
            description = "Frames of peers that were dropped since their messages could not be read",
            type = AttributeType.SCALAR)
    public long getFramesUnreadable() {
        return wireStats.framesUnreadable.sum();
    }

    @ManagedAttribute(description = "Bytes waiting for all peers", type = AttributeType.BYTES, gauge = true)
    public long getQueuedBytes() {
        Transport wire = wire();
        return wire == null ? 0 : wire.queuedBytes();
    }

    @ManagedAttribute(
            description = "The most bytes that wait for any one peer",
            type = AttributeType.BYTES,
            gauge = true)
    public long getQueuedBytesMax() {
        Transport wire = wire();
        return wire == null ? 0 : wire.queuedBytesMax();
    }

    @ManagedAttribute(description = "Bytes waiting for each peer, in bytes")
    public String getQueuedBytesByPeer() {
        Transport wire = wire();
        return wire == null ? "" : wire.queuedBytesByPeer();
    }

    @ManagedAttribute(
            description = "Messages and frames dropped before they were sent, for any reason",
            type = AttributeType.SCALAR)
    public long getFramesDropped() {
        return wireStats.framesDropped.sum();
    }

    @ManagedAttribute(
            description =
                    "Those of them that the full queue of their peer did not take; printConnections tells which peer's",
            type = AttributeType.SCALAR)
    public long getFramesDroppedQueueFull() {
        return wireStats.drops(Drop.QUEUE_FULL);
    }

    @ManagedAttribute(
            description = "Those of them for whose peer no connection could be made",
            type = AttributeType.SCALAR)
    public long getFramesDroppedNotConnected() {
        return wireStats.drops(Drop.NOT_CONNECTED);
    }

    @ManagedAttribute(
            description = "Those of them that could not be serialised or were above max_frame_size",
            type = AttributeType.SCALAR)
    public long getFramesDroppedUnsendable() {
        return wireStats.drops(Drop.UNSENDABLE);
    }

    @ManagedAttribute(description = "Connections that took the place of another one", type = AttributeType.SCALAR)
    public long getReconnects() {
        return wireStats.reconnects.sum();
    }

    @ManagedAttribute(description = "Members suspected because their process has ended", type = AttributeType.SCALAR)
    public long getSuspectsSent() {
        return wireStats.suspects.sum();
    }

    @ManagedAttribute(
            description = "Members that were asked whether they live, since connections to them were taken and closed",
            type = AttributeType.SCALAR)
    public long getDoubtsSent() {
        return wireStats.doubts.sum();
    }

    @ManagedAttribute(
            description = "Members that were not suspected although their connection was lost: they answered again, or "
                    + "were silent, which proves nothing",
            type = AttributeType.SCALAR)
    public long getSuspectsRefused() {
        return wireStats.suspectsRefused.sum();
    }

    @ManagedAttribute(description = "Log lines about peers held back as repetitions", type = AttributeType.SCALAR)
    public long getLinesHeldBack() {
        return wireStats.linesHeldBack.sum();
    }

    @ManagedAttribute(
            description = "When this member's certificate expires, in seconds since 1970; 0 if not known",
            gauge = true)
    public long getCertificateNotAfterEpochS() {
        Transport wire = wire();
        Instant notAfter = wire == null ? null : wire.certificateNotAfter();
        return notAfter == null ? 0 : notAfter.getEpochSecond();
    }

    @ManagedAttribute(
            description = "Time until this member's certificate expires, in ms, negative when it has; NaN if not known",
            gauge = true)
    public double getCertificateRemainingMs() {
        Transport wire = wire();
        return remainingMs(wire == null ? null : wire.certificateNotAfter());
    }

    @ManagedAttribute(
            description =
                    "Time until the first of the certificates expires that the peers of open connections have shown,"
                            + " in "
                            + "ms, negative when it has; NaN if there is none",
            gauge = true)
    public double getPeerCertificateRemainingMs() {
        Transport wire = wire();
        return remainingMs(wire == null ? null : wire.peerCertificatesNotAfter());
    }

    private static double remainingMs(Instant notAfter) {
        return notAfter == null
                ? Double.NaN
                : Duration.between(Instant.now(), notAfter).toMillis();
    }

    @ManagedAttribute(description = "Changes of keys or trust that were put to use", type = AttributeType.SCALAR)
    public long getReloadsOk() {
        return wireStats.reloadsOk.sum();
    }

    @ManagedAttribute(
            description = "Changes of keys or trust that could not be used, so that the last good ones stayed",
            type = AttributeType.SCALAR)
    public long getReloadsFailed() {
        return wireStats.reloadsFailed.sum();
    }

    @ManagedAttribute(description = "Whose TLS runs: 0 the JDK's, 1 BoringSSL (openssl), -1 none", gauge = true)
    public int getTlsProviderInUse() {
        Transport wire = wire();
        return wire == null ? -1 : wire.tlsProvider();
    }

    @ManagedAttribute(description = "TLS protocols and ciphers of the open connections")
    public String getSecurityInUse() {
        Transport wire = wire();
        return wire == null ? "" : wire.securityInUse();
    }

    @ManagedAttribute(
            description = "The port that was bound; behind an external address peers use another one",
            gauge = true)
    public int getBoundPort() {
        Transport wire = wire();
        return wire == null ? 0 : wire.boundPort();
    }

    @ManagedAttribute(description = "epoll or nio")
    public String getEventLoopKind() {
        Transport wire = wire();
        return wire == null ? "" : wire.loopKind();
    }

    @ManagedOperation(description = "A line per peer: address, direction, state, TLS protocol and cipher, queued bytes")
    public String printConnections() {
        Transport wire = wire();
        return wire == null ? "" : wire.printConnections();
    }

    @ManagedOperation(description = "Closes all connections, which are made again when they are needed; for tests only")
    public void clearConnections(boolean graceful) {
        Transport wire = wire();
        if (wire != null) {
            wire.clearConnections(graceful);
        }
    }

    /** The counters themselves, refusals by reason among them. */
    public TransportStats wireStats() {
        return wireStats;
    }

    @Override
    public void resetStats() {
        super.resetStats();
        wireStats.reset();
        failures.reset();
    }
}
