package io.evenkeel.protocols;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.log.GeneralMessages;
import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.pacing.HeaderSupport;
import io.evenkeel.protocols.property.ProtocolErrors;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.transport.Transport;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TrustChecks;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import io.evenkeel.protocols.transport.frame.BundleFormat;
import io.evenkeel.protocols.transport.frame.FrameInput;
import io.evenkeel.protocols.transport.frame.FrameMessages;
import io.evenkeel.protocols.transport.io.MemberIdentity;
import io.evenkeel.protocols.transport.io.TransportListener;
import io.evenkeel.protocols.transport.peer.PeerProber;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import io.evenkeel.protocols.transport.tls.InjectedTls;
import io.evenkeel.protocols.transport.tls.MaterialWatch;
import io.evenkeel.protocols.transport.tls.TlsSettings;
import io.evenkeel.protocols.version.PackProtocol;
import io.evenkeel.protocols.version.PackVersion;
import io.evenkeel.protocols.version.SupportedVersions;
import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Global;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FailureDetection;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.VERIFY_SUSPECT;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.MessageProcessingPolicy;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.NameCache;
import org.jspecify.annotations.Nullable;

/**
 * A transport over TCP with mutual TLS on Netty: one port, one connection per pair of members, no sender waits for
 * another one's peer, and a member's death shows in its connection. Attributes that mean the same are named as in
 * JGroups' TCP.
 */
@MBean(description = "Transport over TCP with mutual TLS")
public class TCP_NETTY extends TCP_NETTYStats implements PeerProber, PackProtocol {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.TCP_NETTY_ID, TCP_NETTY.class);
    }

    private final LimitedLog handUpFailures = new LimitedLog(log);
    private final SecureRandom random = new SecureRandom();
    private String packVersion = PackVersion.current().toString();
    private final ViewSequence views = new ViewSequence();
    private @Nullable InjectedTls injectedTls;
    private boolean fipsMode;
    private volatile @Nullable MaterialWatch watch;
    private volatile @Nullable Transport transport;
    private volatile boolean connected;
    private volatile Predicate<PhysicalAddress> ownPeers = peer -> false;

    public TCP_NETTY() {
        SupportedVersions.ofPack().require();
        bundler_type = EventLoopBundler.class.getName();
    }

    /** Gives keys and trust before the start; they may reload themselves. Attributes that name stores win over them. */
    public TCP_NETTY setTlsMaterial(TlsMaterial material) {
        return setTlsMaterial(material, "the injected TlsMaterial");
    }

    /** As the other method, with words that say in the log what the material is. */
    public TCP_NETTY setTlsMaterial(TlsMaterial material, String name) {
        injectedTls = material == null ? null : new InjectedTls.Managers(material, name);
        return this;
    }

    /**
     * Gives files with keys and trust before the start, to be read and watched. Attributes that name stores win over
     * them.
     */
    public TCP_NETTY setTlsFiles(StoreFile keyStore, StoreFile trustStore) {
        injectedTls = new InjectedTls.Files(keyStore, trustStore);
        return this;
    }

    /** True if only a module validated by FIPS 140 may encrypt, which rules BoringSSL out. */
    public TCP_NETTY setFipsMode(boolean flag) {
        fipsMode = flag;
        return this;
    }

    public TCP_NETTY setKeystorePath(String path) {
        tls.keystore_path = path;
        return this;
    }

    public TCP_NETTY setKeystoreKeyPath(String path) {
        keystore_key_path = path;
        return this;
    }

    public TCP_NETTY setKeystoreType(String type) {
        tls.keystore_type = type;
        return this;
    }

    /** Sets what opens the key store, or the private key where that is PEM; it cannot be read again. */
    public TCP_NETTY setKeystorePassword(String password) {
        tls.keystore_password = password == null ? null : Secret.of(password);
        return this;
    }

    public TCP_NETTY setTruststorePath(String path) {
        tls.truststore_path = path;
        return this;
    }

    public TCP_NETTY setTruststoreType(String type) {
        tls.truststore_type = type;
        return this;
    }

    /** Sets what opens the trust store; it cannot be read again. */
    public TCP_NETTY setTruststorePassword(String password) {
        tls.truststore_password = password == null ? null : Secret.of(password);
        return this;
    }

    /** The patterns of {@code authorized_peers}; null if that is not set. */
    public @Nullable String getAuthorizedPeers() {
        return authorized_peers;
    }

    public TCP_NETTY setAuthorizedPeers(String patterns) {
        authorized_peers = patterns;
        return this;
    }

    public boolean bindsIdentityToAddress() {
        return bind_identity_to_address;
    }

    public TCP_NETTY bindIdentityToAddress(boolean flag) {
        bind_identity_to_address = flag;
        return this;
    }

    public TCP_NETTY setEncryption(String value) {
        encryption = value;
        return this;
    }

    public TCP_NETTY setStockPeers(String value) {
        stock_peers = value;
        return this;
    }

    /** Tells peers of another version than the one that runs. */
    TCP_NETTY setPackVersion(String version) {
        packVersion = version;
        return this;
    }

    @Override
    public boolean supportsMulticasting() {
        return false;
    }

    @Override
    public void start() throws Exception {
        ProtocolErrors.named(this, this::startTransport);
    }

    private void startTransport() throws Exception {
        tellVersion(log);
        requireNothingLost();
        ExecutorPolicyCheck.require(this);
        TransportConfig config = wireConfig();
        FrameMessages.rehearse();
        watch = keysAndTrust().orElse(null);
        try {
            TlsSettings security = watch == null ? null : tlsSettings(watch.material(), fipsMode);
            transport = new Transport(config, security, random.nextLong(), new Upward(), transportStats(), log);
            transport.requireUsableCertificate(Instant.now());
            if (security != null) {
                transport.watchTrust(new TrustChecks(trust_check_interval, renewal_grace));
            }
            super.start();
        } catch (Exception e) {
            end();
            throw e;
        }
        tellOfSettings();
        TransportMessages.LISTENING.to(log, listening(), transport.loopKind(), transport.security());
        if (watch != null) {
            watch.start(this::renewConnections);
        } else {
            TransportMessages.CLEAR_TEXT.to(log, transport.address());
        }
    }

    private Optional<MaterialWatch> keysAndTrust() throws IOException {
        try {
            return tlsAttributes().resolve(injectedTls, getSocketFactory(), transportStats(), log);
        } catch (CertificateMaterialException e) {
            throw new IllegalStateException(TransportMessages.KEYS_REFUSED.text(e.getMessage()), e.getCause());
        }
    }

    private void renewConnections() {
        Transport renewed = started();
        String obstacle = renewed.tlsObstacle();
        if (obstacle != null) {
            TransportMessages.NEW_KEYS_MISFIT.to(log, obstacle);
        }
        renewed.renewConnections();
    }

    private void tellOfSettings() {
        if (acceptsStockPeers()) {
            TransportMessages.STOCK_PEERS_ACCEPTED.to(log);
        }
        Transport started = started();
        if (started.loopKind().equals("nio")) {
            TransportMessages.NO_EPOLL.to(log, dead_connection_timeout);
        }
        if (started.needsJdkPeers()) {
            TransportMessages.KEY_NEEDS_JDK_PEERS.to(log);
        }
        String renamed = StockTls.renamed(this);
        if (!renamed.isEmpty()) {
            TransportMessages.ATTRIBUTES_RENAMED.to(log, renamed);
        }
        if (!ignored().isEmpty()) {
            TransportMessages.ATTRIBUTES_IGNORED.to(log, String.join(", ", ignored()));
        }
        FailureDetection heartbeats = stack.findProtocol(FailureDetection.class);
        if (heartbeats != null && heartbeats.getTimeout() <= dead_connection_timeout) {
            TransportMessages.DEAD_CONNECTION_TOO_LATE.to(
                    log, dead_connection_timeout, heartbeats.getName(), heartbeats.getTimeout());
        }
    }

    @Override
    public void passMessageUp(Message message, boolean ofOurCluster, boolean multicast, boolean discardOwn) {
        try {
            super.passMessageUp(message, ofOurCluster, multicast, discardOwn);
        } catch (Throwable e) {
            failures().onFailure(message.getSrc(), e);
        }
    }

    @Override
    public void passBatchUp(MessageBatch batch, boolean ofOurCluster, boolean discardOwn) {
        try {
            super.passBatchUp(batch, ofOurCluster, discardOwn);
        } catch (Throwable e) {
            failures().onFailure(batch.sender(), e);
        }
    }

    /** As JGroups' own, but not to a policy that would run receivers on the event loops. */
    // The signature is JGroups'.
    @SuppressWarnings("TypeParameterUnusedInFormals")
    @Override
    public <T extends TP> T setMessageProcessingPolicy(String policy) {
        MessageProcessingPolicy before = msg_processing_policy;
        T self = super.setMessageProcessingPolicy(policy);
        if (transport != null) {
            try {
                ExecutorPolicyCheck.require(this);
            } catch (IllegalArgumentException e) {
                msg_processing_policy = before;
                throw ProtocolErrors.named(this, e);
            }
        }
        return self;
    }

    private String listening() {
        Transport started = started();
        String bound = (bind_addr == null ? "*" : bind_addr.getHostAddress()) + ":" + started.boundPort();
        String known = started.address().toString();
        return bound.equals(known) ? bound : bound + ", known to peers as " + known;
    }

    @Override
    public void stop() {
        super.stop();
        views.reset();
        end();
    }

    private void end() {
        MaterialWatch watched = watch;
        watch = null;
        if (watched != null) {
            watched.close();
        }
        Transport ending = transport;
        transport = null;
        if (ending != null) {
            ending.shutdown();
        }
    }

    @Override
    final @Nullable Transport transport() {
        return transport;
    }

    private Transport started() {
        return Objects.requireNonNull(transport, "not started");
    }

    @Override
    protected void handleConnect() throws Exception {
        Transport started = started();
        started.sender()
                .bundleAs(
                        new BundleFormat(getClusterNameAscii(), bundler.getMaxSize(), msg_stats, sent()),
                        this::everybody,
                        this::loopBack);
        started.open(getClusterName(), new MemberIdentity(local_addr, NameCache.get(local_addr)).encode(), packVersion);
        connected = true;
        super.handleConnect();
    }

    /** The counter of frames: the bundler, if it is the one that leaves making them to the transport. */
    private IntConsumer sent() {
        return bundler instanceof EventLoopBundler own ? own::sent : messages -> {};
    }

    @Override
    protected void handleDisconnect() {
        super.handleDisconnect();
        connected = false;
        if (transport != null) {
            transport.leave();
        }
    }

    @Override
    public @Nullable Object down(Event event) {
        if (event.getType() != Event.VIEW_CHANGE) {
            return super.down(event);
        }
        views.deliver(event.getArg(), local_addr, () -> {
            super.down(event);
            retainMembers();
        });
        return null;
    }

    private void retainMembers() {
        Transport out = transport;
        if (out == null) {
            return;
        }
        Set<IpAddress> addresses = new HashSet<>();
        for (Address member : members) {
            if (getPhysicalAddressFromCache(member) instanceof IpAddress address) {
                addresses.add(address);
            }
        }
        out.retain(addresses);
    }

    @Override
    protected boolean addPhysicalAddressToCache(Address member, PhysicalAddress address, boolean overwrite) {
        boolean known = address != null && address.equals(getPhysicalAddressFromCache(member));
        boolean added = super.addPhysicalAddressToCache(member, address, overwrite);
        if (!known && members.contains(member)) {
            retainMembers();
        }
        return added;
    }

    @Override
    public void sendUnicast(PhysicalAddress dest, byte[] data, int offset, int length) {
        Transport out = transport;
        if (out != null && connected) {
            out.send((IpAddress) dest, data, offset, length);
        }
    }

    /** Has a message serialised and sent when its turn has come. */
    void send(IpAddress peer, Message message) {
        Transport out = transport;
        if (out != null && connected) {
            out.sender().message(peer, message, message.size());
        }
    }

    /** The same to all members, this one too. */
    void multicast(Message message) {
        Transport out = transport;
        if (out != null && connected) {
            out.sender().multicast(message, message.size());
        }
    }

    /** Sends to this member itself; false if no event loop runs that would deliver it. */
    boolean sendToSelf(Message message) {
        Transport out = transport;
        return out != null && connected && out.sender().toSelf(message);
    }

    private void loopBack(List<Message> messages) {
        // Only its own messages come back this way; JGroups' bundlers loop back themselves.
        if (bundler instanceof EventLoopBundler own) {
            own.loopBack(messages);
        }
    }

    /**
     * The addresses of all other members, or before there are any, of all that are known; looks for those that are not.
     */
    private Collection<IpAddress> everybody() {
        List<IpAddress> known = new ArrayList<>(members.size());
        List<Address> missing = new ArrayList<>(0);
        for (Address member : members.isEmpty() ? logical_addr_cache.keySet() : members) {
            PhysicalAddress address =
                    member instanceof PhysicalAddress itself ? itself : logical_addr_cache.get(member);
            if (address == null) {
                missing.add(member);
            } else if (!address.equals(local_physical_addr)) {
                known.add((IpAddress) address);
            }
        }
        if (!missing.isEmpty()) {
            // Discovery may take its time, and this is an event loop.
            thread_pool.execute(() -> fetchPhysicalAddrs(missing));
        }
        return known;
    }

    @Override
    public void receive(Address sender, byte[] data, int offset, int length) {
        if (length < Global.SHORT_SIZE + Global.BYTE_SIZE) {
            throw new UnreadableFrameException("it has " + length + " bytes");
        }
        try {
            receive(sender, FrameInput.of(data, offset, length), length);
        } catch (UnreadableFrameException e) {
            throw e;
        } catch (EOFException e) {
            throw new UnreadableFrameException("it is cut short", e);
        } catch (Exception e) {
            // Not the peer's fault: a message was read, and the thread pool or a protocol has failed.
            handUpFailures.writeWithTrace(sender + "|" + e, e, GeneralMessages.HAND_UP_FAILED, sender, e);
        }
    }

    @Override
    protected void handleMessageBatch(DataInput in, boolean multicast) {
        @Nullable MessageBatch[] batches = FrameMessages.batches((FrameInput) in, multicast);
        MessageBatch regular = batches[0];
        MessageBatch oob = batches[1];
        // Before they go up: protocols take messages out of them.
        if (oob != null) {
            msg_stats.received(oob);
        }
        if (regular != null) {
            msg_stats.received(regular);
        }
        processBatch(oob, true);
        processBatch(regular, false);
    }

    @Override
    protected void handleSingleMessage(DataInput in, boolean multicast) {
        Message message = FrameMessages.message((FrameInput) in);
        if (multicast || !unicastDestMismatch(message.getDest())) {
            msg_processing_policy.process(message, message.isFlagSet(Message.Flag.OOB));
            msg_stats.received(message);
        }
    }

    @Override
    protected @Nullable PhysicalAddress getPhysicalAddress() {
        return transport == null ? null : transport.address();
    }

    @Override
    public long incarnation() {
        return transport == null ? 0 : transport.incarnation();
    }

    @Override
    public CompletionStage<ProbeResult> probe(PhysicalAddress peer, long timeoutMs) {
        Transport out = transport;
        return out == null
                ? CompletableFuture.completedFuture(
                        new ProbeResult.Silent("this member's transport is not started", false))
                : out.probe((IpAddress) peer, timeoutMs);
    }

    /** True if there is a connection with a member, and it is on JGroups' TCP. */
    boolean isOnStockTcp(Address member) {
        return headerSupport(member) == HeaderSupport.ABSENT;
    }

    /** A connection tells of which kind a member is, where members on JGroups' TCP are taken. */
    HeaderSupport headerSupport(Address member) {
        Transport out = transport;
        if (!stock_peers.equals("accept")) {
            return HeaderSupport.PRESENT;
        }
        if (out == null || !(getPhysicalAddressFromCache(member) instanceof IpAddress address)) {
            return HeaderSupport.UNKNOWN;
        }
        if (ownPeers.test(address)) {
            return HeaderSupport.PRESENT;
        }
        return out.framing(address)
                .map(framing -> framing == Framing.OWN ? HeaderSupport.PRESENT : HeaderSupport.ABSENT)
                .orElse(HeaderSupport.UNKNOWN);
    }

    @Override
    public void ownPeers(Predicate<PhysicalAddress> known) {
        ownPeers = known;
    }

    /** Receives what comes from the sockets. */
    private final class Upward implements TransportListener {
        @Override
        public void onPeer(IpAddress peer, ByteBuffer member) {
            MemberIdentity.decode(member).ifPresent(identity -> {
                // Another connection may have brought the same id a moment ago, and an id never moves.
                PhysicalAddress known = getPhysicalAddressFromCache(identity.address());
                addPhysicalAddressToCache(identity.address(), peer, known == null || known.equals(peer));
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
        public boolean isElsewhere(ByteBuffer member, IpAddress claimed) {
            return address(member)
                    .map(TCP_NETTY.this::getPhysicalAddressFromCache)
                    .filter(known -> !known.equals(claimed))
                    .isPresent();
        }

        @Override
        public boolean speaksOwn(IpAddress peer) {
            return ownPeers.test(peer);
        }

        @Override
        public boolean isLeaving() {
            GMS gms = stack == null ? null : stack.findProtocol(GMS.class);
            return !connected || (gms != null && gms.isLeaving());
        }

        @Override
        public void onDistrusted(ByteBuffer member) {
            suspect(member, aboveVerification());
        }

        @Override
        public void onDead(ByteBuffer member) {
            suspect(member, aboveVerification());
        }

        @Override
        public void onDoubt(ByteBuffer member) {
            suspect(member, up_prot);
        }

        private void suspect(ByteBuffer member, Protocol told) {
            address(member).ifPresent(suspected -> {
                Event suspect = new Event(Event.SUSPECT, List.of(suspected));
                Runnable tell = () -> told.up(suspect);
                if (!thread_pool.execute(tell)) {
                    // A full pool must not hide a death.
                    getThreadFactory().newThread(tell, "suspect").start();
                }
            });
        }

        /** The protocol above the one that would ask the dead, for a second or two, whether they live. */
        private Protocol aboveVerification() {
            Protocol verifier = stack.findProtocol(VERIFY_SUSPECT2.class, VERIFY_SUSPECT.class);
            return verifier == null ? up_prot : verifier.getUpProtocol();
        }

        private Optional<Address> address(ByteBuffer member) {
            return MemberIdentity.decode(member).map(MemberIdentity::address).map(this::logical);
        }

        /** A member on JGroups' TCP says its physical address only; discovery tells who has it. */
        private Address logical(Address known) {
            return known instanceof IpAddress physical ? logical_addr_cache.getByValue(physical) : known;
        }
    }
}
