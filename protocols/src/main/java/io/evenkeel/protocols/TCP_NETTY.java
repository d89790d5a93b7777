package io.evenkeel.protocols;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.wire.PeerProber;
import io.evenkeel.protocols.wire.ProbeResult;
import io.evenkeel.protocols.wire.TlsAttributes;
import io.evenkeel.protocols.wire.Wire;
import io.evenkeel.protocols.wire.WireConfig;
import io.evenkeel.protocols.wire.WireListener;
import io.evenkeel.protocols.wire.WireStats;
import io.evenkeel.protocols.wire.core.Backoff;
import java.io.IOException;
import java.net.InetAddress;
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
import org.jgroups.Global;
import org.jgroups.PhysicalAddress;
import org.jgroups.annotations.LocalAddress;
import org.jgroups.annotations.MBean;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.annotations.Property;
import org.jgroups.conf.AttributeType;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;

/**
 * A transport over TCP with mutual TLS on Netty: one port, one connection per pair of members, nobody waits for somebody
 * else's peer, and a member's death shows in its connection. Attributes that mean the same are named as in JGroups' TCP.
 */
@MBean(description = "Transport over TCP with mutual TLS")
public class TCP_NETTY extends TP implements PeerProber {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.TCP_NETTY_ID, TCP_NETTY.class);
    }

    @Property(description = "tls, or none to send everything in clear, which warns at every start", writable = false)
    protected String encryption = "tls";

    @Property(description = "File with this member's private key and certificate chain", writable = false)
    protected String keystore_path;

    @Property(description = "Format of keystore_path: PKCS12 or JKS", writable = false)
    protected String keystore_type = "PKCS12";

    @Property(description = "Opens keystore_path and the key in it", exposeAsManagedAttribute = false, writable = false)
    protected String keystore_password;

    @Property(description = "File with the certificates of the CAs that sign members' certificates", writable = false)
    protected String truststore_path;

    @Property(description = "Format of truststore_path: PKCS12 or JKS", writable = false)
    protected String truststore_type = "PKCS12";

    @Property(description = "Opens truststore_path", exposeAsManagedAttribute = false, writable = false)
    protected String truststore_password;

    @Property(
            description = "Size of the receive buffer of a socket; 0: the kernel's choice",
            type = AttributeType.BYTES,
            writable = false)
    protected int recv_buf_size;

    @Property(
            description = "Size of the send buffer of a socket; 0: the kernel's choice",
            type = AttributeType.BYTES,
            writable = false)
    protected int send_buf_size;

    @Property(
            description = "How long to wait for a peer's host to answer a connection attempt; nobody waits meanwhile",
            type = AttributeType.TIME,
            writable = false)
    protected int sock_conn_timeout = 2000;

    @Property(description = "Whether to send small packets at once; flushes are batched already", writable = false)
    protected boolean tcp_nodelay = true;

    @Property(description = "SO_LINGER in seconds; -1: the kernel's default", writable = false)
    protected int linger = -1;

    @LocalAddress
    @Property(
            name = "client_bind_addr",
            description = "Local address of outgoing connections; the kernel's choice if not set. GLOBAL, SITE_LOCAL, "
                    + "LINK_LOCAL and NON_LOOPBACK are recognised too",
            systemProperty = Global.TCP_CLIENT_BIND_ADDR,
            writable = false)
    protected InetAddress client_bind_addr;

    @Property(description = "Local port of outgoing connections; 0: any", writable = false)
    protected int client_bind_port;

    @Property(
            description = "The largest frame (one message or bundle) sent or taken from a member",
            type = AttributeType.BYTES,
            writable = false)
    protected int max_frame_size = 16 * 1024 * 1024;

    @Property(
            description = "How much may wait for one peer; above it messages to that peer are dropped, counted and "
                    + "retransmitted, and nobody blocks",
            type = AttributeType.BYTES,
            writable = false)
    protected long max_queued_bytes = 16 * 1024 * 1024;

    @Property(
            description = "How long a connection may take from the first byte until both sides know each other",
            type = AttributeType.TIME,
            writable = false)
    protected int handshake_timeout = 5000;

    @Property(
            description = "How many incoming connections may be in their handshake at once; more are turned away",
            type = AttributeType.SCALAR,
            writable = false)
    protected int max_pending_handshakes = 128;

    @Property(
            description =
                    "An idle connection to somebody who is not a member is closed after two to three such intervals",
            type = AttributeType.TIME,
            writable = false)
    protected long non_member_grace = 20_000;

    @Property(
            description = "How long to wait, when leaving, until a peer has read everything and closed its side",
            type = AttributeType.TIME,
            writable = false)
    protected int goodbye_timeout = 1000;

    @Property(
            description = "The wait after a first failed connection attempt; doubles, half of it is random",
            type = AttributeType.TIME,
            writable = false)
    protected long reconnect_backoff_min = 20;

    @Property(
            description = "The longest wait between two connection attempts to one peer",
            type = AttributeType.TIME,
            writable = false)
    protected long reconnect_backoff_max = 1000;

    @Property(
            description = "Threads that do all input and output; 0: one per processor, from 2 to 4",
            type = AttributeType.SCALAR,
            writable = false)
    protected int event_loop_threads;

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
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        Util.writeAddress(local_addr, out);
        wire.open(getClusterName(), ByteBuffer.wrap(out.buffer(), 0, out.position()));
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

    private TlsAttributes tlsAttributes() {
        return new TlsAttributes(
                encryption,
                keystore_path,
                keystore_type,
                keystore_password,
                truststore_path,
                truststore_type,
                truststore_password);
    }

    private WireConfig wireConfig() {
        return new WireConfig(
                bind_addr,
                bind_port,
                port_range,
                external_addr,
                external_port,
                client_bind_addr,
                client_bind_port,
                recv_buf_size,
                send_buf_size,
                sock_conn_timeout,
                tcp_nodelay,
                linger,
                max_frame_size,
                max_queued_bytes,
                handshake_timeout,
                max_pending_handshakes,
                non_member_grace,
                goodbye_timeout,
                event_loop_threads,
                new Backoff(reconnect_backoff_min, reconnect_backoff_max));
    }

    /** What comes from the sockets. */
    private final class Upward implements WireListener {
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
            byte[] raw = new byte[member.remaining()];
            member.duplicate().get(raw);
            try {
                return Optional.ofNullable(Util.readAddress(new ByteArrayDataInputStream(raw)));
            } catch (IOException | ClassNotFoundException | RuntimeException e) {
                log.debug("a peer introduced itself with an unreadable address: " + e);
                return Optional.empty();
            }
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
