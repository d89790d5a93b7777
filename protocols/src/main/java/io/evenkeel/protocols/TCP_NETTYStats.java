package io.evenkeel.protocols;

import io.evenkeel.protocols.transport.Transport;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.config.TransportStats.Drop;
import java.time.Duration;
import java.time.Instant;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;
import org.jspecify.annotations.Nullable;

/** The statistics of {@link TCP_NETTY}, kept over restarts of the channel until they are reset. */
public abstract class TCP_NETTYStats extends TCP_NETTYConfig {
    private final TransportStats transportStats = new TransportStats();
    private final DeliveryFailures failures = new DeliveryFailures(log);

    /** null while stopped. */
    abstract @Nullable Transport transport();

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
        return transportStats.openConnections.get();
    }

    @ManagedAttribute(
            description = "Open connections with members on JGroups' TCP, see stock_peers",
            type = AttributeType.SCALAR,
            gauge = true)
    public int getStockConnections() {
        Transport transport = transport();
        return transport == null ? 0 : transport.stockConnections();
    }

    @ManagedAttribute(
            description =
                    "Idle connections whose end is evidence of a member's end; one per member, as the other one is",
            type = AttributeType.SCALAR,
            gauge = true)
    public int getLivenessConnections() {
        return transportStats.livenessConnections.get();
    }

    @ManagedAttribute(
            description = "Incoming connections in their handshake",
            type = AttributeType.SCALAR,
            gauge = true)
    public int getPendingHandshakes() {
        return transportStats.pendingHandshakes.get();
    }

    @ManagedAttribute(description = "Handshakes that succeeded", type = AttributeType.SCALAR)
    public long getHandshakesOk() {
        return transportStats.handshakesOk.sum();
    }

    @ManagedAttribute(description = "Peers refused by this member", type = AttributeType.SCALAR)
    public long getHandshakesRefused() {
        return transportStats.handshakesRefused();
    }

    @ManagedAttribute(description = "How often this member refused a peer for which reason, ordinary life included")
    public String getRefusalsByReason() {
        return transportStats.refusalsByReason();
    }

    @ManagedAttribute(description = "Connection attempts of this member that failed", type = AttributeType.SCALAR)
    public long getConnectsFailed() {
        return transportStats.connectsFailed.sum();
    }

    @ManagedAttribute(description = "Frames sent", type = AttributeType.SCALAR)
    public long getFramesSent() {
        return transportStats.framesSent.sum();
    }

    @ManagedAttribute(description = "Bytes sent, without framing and TLS", type = AttributeType.BYTES)
    public long getBytesSent() {
        return transportStats.bytesSent.sum();
    }

    @ManagedAttribute(description = "Frames received", type = AttributeType.SCALAR)
    public long getFramesReceived() {
        return transportStats.framesReceived.sum();
    }

    @ManagedAttribute(description = "Bytes received, without framing and TLS", type = AttributeType.BYTES)
    public long getBytesReceived() {
        return transportStats.bytesReceived.sum();
    }

    @ManagedAttribute(
            description = "Frames of peers that were dropped since their messages could not be read",
            type = AttributeType.SCALAR)
    public long getFramesUnreadable() {
        return transportStats.framesUnreadable.sum();
    }

    @ManagedAttribute(description = "Bytes waiting for all peers", type = AttributeType.BYTES, gauge = true)
    public long getQueuedBytes() {
        Transport transport = transport();
        return transport == null ? 0 : transport.queuedBytes();
    }

    @ManagedAttribute(
            description = "The most bytes that wait for any one peer",
            type = AttributeType.BYTES,
            gauge = true)
    public long getQueuedBytesMax() {
        Transport transport = transport();
        return transport == null ? 0 : transport.queuedBytesMax();
    }

    @ManagedAttribute(description = "Bytes waiting for each peer, in bytes")
    public String getQueuedBytesByPeer() {
        Transport transport = transport();
        return transport == null ? "" : transport.queuedBytesByPeer();
    }

    @ManagedAttribute(
            description = "Messages and frames dropped before they were sent, for any reason",
            type = AttributeType.SCALAR)
    public long getFramesDropped() {
        return transportStats.framesDropped.sum();
    }

    @ManagedAttribute(
            description =
                    "Those of them that the full queue of their peer did not take; printConnections tells which peer's",
            type = AttributeType.SCALAR)
    public long getFramesDroppedQueueFull() {
        return transportStats.drops(Drop.QUEUE_FULL);
    }

    @ManagedAttribute(
            description = "Those of them for whose peer no connection could be made",
            type = AttributeType.SCALAR)
    public long getFramesDroppedNotConnected() {
        return transportStats.drops(Drop.NOT_CONNECTED);
    }

    @ManagedAttribute(
            description = "Those of them that could not be serialised or were above max_frame_size",
            type = AttributeType.SCALAR)
    public long getFramesDroppedUnsendable() {
        return transportStats.drops(Drop.UNSENDABLE);
    }

    @ManagedAttribute(description = "Connections that took the place of another one", type = AttributeType.SCALAR)
    public long getReconnects() {
        return transportStats.reconnects.sum();
    }

    @ManagedAttribute(description = "Members suspected because their process has ended", type = AttributeType.SCALAR)
    public long getSuspectsSent() {
        return transportStats.suspects.sum();
    }

    @ManagedAttribute(
            description = "Members that were asked whether they live, since connections to them were taken and closed",
            type = AttributeType.SCALAR)
    public long getDoubtsSent() {
        return transportStats.doubts.sum();
    }

    @ManagedAttribute(
            description = "Members that were not suspected although their connection was lost: they answered again, or "
                    + "were silent, which proves nothing",
            type = AttributeType.SCALAR)
    public long getSuspectsRefused() {
        return transportStats.suspectsRefused.sum();
    }

    @ManagedAttribute(description = "Log lines about peers held back as repetitions", type = AttributeType.SCALAR)
    public long getLinesHeldBack() {
        return transportStats.linesHeldBack.sum();
    }

    @ManagedAttribute(
            description = "When this member's certificate expires, in seconds since 1970; 0 if not known",
            gauge = true)
    public long getCertificateNotAfterEpochS() {
        Transport transport = transport();
        Instant notAfter = transport == null ? null : transport.certificateNotAfter();
        return notAfter == null ? 0 : notAfter.getEpochSecond();
    }

    @ManagedAttribute(
            description = "Time until this member's certificate expires, in ms, negative when it has; NaN if not known",
            gauge = true)
    public double getCertificateRemainingMs() {
        Transport transport = transport();
        return remainingMs(transport == null ? null : transport.certificateNotAfter());
    }

    @ManagedAttribute(
            description = "Time until the first of the certificates expires that the peers of open connections"
                    + " have shown, in ms, negative when it has; NaN if there is none",
            gauge = true)
    public double getPeerCertificateRemainingMs() {
        Transport transport = transport();
        return remainingMs(transport == null ? null : transport.peerCertificatesNotAfter());
    }

    private static double remainingMs(@Nullable Instant notAfter) {
        return notAfter == null
                ? Double.NaN
                : Duration.between(Instant.now(), notAfter).toMillis();
    }

    @ManagedAttribute(description = "Changes of keys or trust that were put to use", type = AttributeType.SCALAR)
    public long getReloadsOk() {
        return transportStats.reloadsOk.sum();
    }

    @ManagedAttribute(
            description = "Changes of keys or trust that could not be used, so that the last good ones stayed",
            type = AttributeType.SCALAR)
    public long getReloadsFailed() {
        return transportStats.reloadsFailed.sum();
    }

    @ManagedAttribute(description = "Whose TLS runs: 0 the JDK's, 1 BoringSSL (openssl), -1 none", gauge = true)
    public int getTlsProviderInUse() {
        Transport transport = transport();
        return transport == null ? -1 : transport.tlsProvider();
    }

    @ManagedAttribute(description = "TLS protocols and ciphers of the open connections")
    public String getSecurityInUse() {
        Transport transport = transport();
        return transport == null ? "" : transport.securityInUse();
    }

    @ManagedAttribute(
            description = "The port that was bound; behind an external address peers use another one",
            gauge = true)
    public int getBoundPort() {
        Transport transport = transport();
        return transport == null ? 0 : transport.boundPort();
    }

    @ManagedAttribute(description = "epoll or nio")
    public String getEventLoopKind() {
        Transport transport = transport();
        return transport == null ? "" : transport.loopKind();
    }

    @ManagedOperation(description = "A line per peer: address, direction, state, TLS protocol and cipher, queued bytes")
    public String printConnections() {
        Transport transport = transport();
        return transport == null ? "" : transport.printConnections();
    }

    @ManagedOperation(description = "Closes all connections, which are made again when they are needed; for tests only")
    public void clearConnections(boolean graceful) {
        Transport transport = transport();
        if (transport != null) {
            transport.clearConnections(graceful);
        }
    }

    /** The counters themselves, refusals by reason among them. */
    public TransportStats transportStats() {
        return transportStats;
    }

    @Override
    public void resetStats() {
        super.resetStats();
        transportStats.reset();
        failures.reset();
    }
}
