package io.evenkeel.protocols;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.wire.MemberIdentity;
import io.evenkeel.protocols.wire.PeerProber;
import io.evenkeel.protocols.wire.ProbeResult;
import io.evenkeel.protocols.wire.Wire;
import io.evenkeel.protocols.wire.WireConfig;
import io.evenkeel.protocols.wire.WireListener;
import io.evenkeel.protocols.wire.WireStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.PhysicalAddress;
import org.jgroups.annotations.MBean;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.NameCache;

/**
 * A transport over TCP with mutual TLS on Netty: one port, one connection per pair of members, nobody waits for somebody
 * else's peer, and a member's death shows in its connection. Attributes that mean the same are named as in JGroups' TCP.
 */
@MBean(description = "Transport over TCP with mutual TLS")
public class TCP_NETTY extends TCP_NETTYConfig implements PeerProber {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.TCP_NETTY_ID, TCP_NETTY.class);
    }

    private final WireStats wireStats = new WireStats();
    private final SecureRandom random = new SecureRandom();
    private TlsMaterial tlsMaterial;
    private volatile Wire wire;
    private volatile boolean connected;

    /** Gives keys and trust before the start; they may reload themselves. Not together with keystore attributes. */
    public TCP_NETTY setTlsMaterial(TlsMaterial material) {
        tlsMaterial = material;
        return this;
    }

    /** Whether an attribute names a file with keys or trust. */
    public boolean hasTlsAttributes() {
        return keystore_path != null || truststore_path != null;
    }

    public TCP_NETTY setEncryption(String value) {
        encryption = value;
        return this;
    }

    @Override
    public boolean supportsMulticasting() {
        return false;
    }

    @Override
    public void start() throws Exception {
        WireConfig config = wireConfig();
        Optional<TlsMaterial> material = tlsAttributes().resolve(tlsMaterial, getSocketFactory());
        wire = new Wire(config, material.orElse(null), random.nextLong(), new Upward(), wireStats, log);
        try {
            requireValidCertificate();
            super.start();
        } catch (Exception e) {
            wire.shutdown();
            wire = null;
            throw e;
        }
        log.info("listening on " + wire.address() + " (" + wire.loopKind() + "), encryption: " + wire.security());
        if (material.isEmpty()) {
            log.warn(
                    "encryption=none: everything that this cluster says goes over the network in clear, and anybody who"
                            + " reaches " + wire.address() + " can join; configure TLS unless the network is private");
        }
    }

    private void requireValidCertificate() throws IOException {
        Instant notAfter = wire.certificateNotAfter();
        if (notAfter != null && notAfter.isBefore(Instant.now())) {
            throw new IOException("this member's certificate expired on " + notAfter + "; renew it and start again");
        }
    }

    @Override
    public void stop() {
        super.stop();
        Wire ending = wire;
        wire = null;
        if (ending != null) {
            ending.shutdown();
        }
    }

    @Override
    protected void handleConnect() throws Exception {
        wire.open(getClusterName(), new MemberIdentity(local_addr, NameCache.get(local_addr)).encode());
        connected = true;
        super.handleConnect();
    }

    @Override
    protected void handleDisconnect() {
        super.handleDisconnect();
        connected = false;
        if (wire != null) {
            wire.leave();
        }
    }

    @Override
    public Object down(Event event) {
        Object result = super.down(event);
        if (event.getType() == Event.VIEW_CHANGE && wire != null) {
            Set<IpAddress> addresses = new HashSet<>();
            for (Address member : members) {
                if (getPhysicalAddressFromCache(member) instanceof IpAddress address) {
                    addresses.add(address);
                }
            }
            wire.retain(addresses);
        }
        return result;
    }

    @Override
    public void sendUnicast(PhysicalAddress dest, byte[] data, int offset, int length) {
        Wire out = wire;
        if (out != null && connected) {
            out.send((IpAddress) dest, data, offset, length);
        }
    }

    @Override
    protected PhysicalAddress getPhysicalAddress() {
        return wire == null ? null : wire.address();
    }

    @Override
    public long incarnation() {
        return wire == null ? 0 : wire.incarnation();
    }

    @Override
    public CompletionStage<ProbeResult> probe(PhysicalAddress peer, long timeoutMs) {
        Wire out = wire;
        return out == null
                ? CompletableFuture.completedFuture(new ProbeResult.Silent("this member's transport is not started"))
                : out.probe((IpAddress) peer, timeoutMs);
    }

    /** What comes from the sockets. */
    private final class Upward implements WireListener {
        @Override
        public void onPeer(IpAddress peer, ByteBuffer member) {
            MemberIdentity.decode(member).ifPresent(identity -> {
                addPhysicalAddressToCache(identity.address(), peer);
                if (!identity.name().isEmpty()) {
                    NameCache.add(identity.address(), identity.name());
                }
            });
        }

        @Override
        public void onData(IpAddress sender, byte[] data, int offset, int length) {
            receive(sender, data, offset, length);
        }

        @Override
        public boolean isMember(ByteBuffer member) {
            return address(member).filter(members::contains).isPresent();
        }

        @Override
        public boolean isLeaving() {
            GMS gms = stack == null ? null : stack.findProtocol(GMS.class);
            return !connected || (gms != null && gms.isLeaving());
        }

        @Override
        public void onDead(ByteBuffer member) {
            address(member).ifPresent(dead -> {
                Event suspect = new Event(Event.SUSPECT, List.of(dead));
                Runnable tell = () -> up_prot.up(suspect);
                if (!thread_pool.execute(tell)) {
                    // A full pool must not hide a death.
                    getThreadFactory().newThread(tell, "suspect").start();
                }
            });
        }

        private Optional<Address> address(ByteBuffer member) {
            return MemberIdentity.decode(member).map(MemberIdentity::address);
        }
    }

    @ManagedAttribute(description = "Connections that are open", type = AttributeType.SCALAR, gauge = true)
    public int getOpenConnections() {
        return wireStats.openConnections.get();
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

    @ManagedAttribute(description = "Bytes waiting for all peers", type = AttributeType.BYTES, gauge = true)
    public long getQueuedBytes() {
        return wire == null ? 0 : wire.queuedBytes();
    }

    @ManagedAttribute(
            description = "Frames dropped at a full queue or with a failed connection attempt",
            type = AttributeType.SCALAR)
    public long getFramesDropped() {
        return wireStats.framesDropped.sum();
    }

    @ManagedAttribute(description = "Connections that took the place of another one", type = AttributeType.SCALAR)
    public long getReconnects() {
        return wireStats.reconnects.sum();
    }

    @ManagedAttribute(description = "Members suspected because their process has ended", type = AttributeType.SCALAR)
    public long getSuspectsSent() {
        return wireStats.suspects.sum();
    }

    @ManagedAttribute(description = "Log lines about peers held back as repetitions", type = AttributeType.SCALAR)
    public long getLinesHeldBack() {
        return wireStats.linesHeldBack.sum();
    }

    @ManagedAttribute(description = "When this member's certificate expires, in seconds since 1970; 0 if not known")
    public long getCertificateNotAfterEpochS() {
        Instant notAfter = wire == null ? null : wire.certificateNotAfter();
        return notAfter == null ? 0 : notAfter.getEpochSecond();
    }

    @ManagedAttribute(description = "TLS protocols and ciphers of the open connections")
    public String getSecurityInUse() {
        return wire == null ? "" : wire.securityInUse();
    }

    @ManagedAttribute(description = "The port that was bound; behind an external address peers use another one")
    public int getBoundPort() {
        return wire == null ? 0 : wire.boundPort();
    }

    @ManagedAttribute(description = "epoll or nio")
    public String getEventLoopKind() {
        return wire == null ? "" : wire.loopKind();
    }

    @ManagedOperation(description = "A line per peer: address, direction, state, TLS protocol and cipher, queued bytes")
    public String printConnections() {
        return wire == null ? "" : wire.printConnections();
    }

    /** The counters themselves, refusals by reason among them. */
    public WireStats wireStats() {
        return wireStats;
    }

    @Override
    public void resetStats() {
        super.resetStats();
        wireStats.reset();
    }
}
