package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.frame.SendQueue;
import io.evenkeel.protocols.transport.io.MemberAddresses;
import io.evenkeel.protocols.transport.io.PeerConnection;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * All addresses that this member talks to, or hears from. Any thread may look one up; the control loop forgets them.
 */
public final class Peers {
    private final TransportConfig config;
    private final TransportStats stats;
    private final Map<IpAddress, Peer> peers = new ConcurrentHashMap<>();
    private final MemberAddresses members;

    public Peers(TransportConfig config, TransportStats stats, MemberAddresses members) {
        this.config = config;
        this.stats = stats;
        this.members = members;
    }

    /** The peer at this address, made if there is none. */
    Peer at(IpAddress address) {
        Peer peer = peers.get(address);
        return peer != null
                ? peer
                : peers.computeIfAbsent(
                        address,
                        key -> new Peer(key, new SendQueue(config.maxQueuedBytes(), stats), config.lifecycle()));
    }

    Collection<Peer> all() {
        return peers.values();
    }

    /**
     * The peer to which this member's last attempt with a number led, as the one at an address; null if there is none.
     */
    @Nullable Peer ofAttempt(long attempt, IpAddress announced) {
        return peers.values().stream()
                .filter(peer -> answer(peer, attempt, announced) != null)
                .findFirst()
                .orElse(null);
    }

    private static Claim.@Nullable Answer answer(Peer peer, long attempt, IpAddress asker) {
        return peer.life.answer(attempt, new InetSocketAddress(asker.getIpAddress(), asker.getPort()));
    }

    /** Answers a peer that asks whether an attempt to connect is this member's. Control loop. */
    Claim.Answer answer(long attempt, IpAddress asker) {
        Peer peer = ofAttempt(attempt, asker);
        return peer == null ? Claim.answer(false, false) : Objects.requireNonNull(answer(peer, attempt, asker));
    }

    boolean isMember(Peer peer) {
        return members.contains(peer.address);
    }

    void remove(Peer peer) {
        peers.remove(peer.address, peer);
        peer.queue.retire();
    }

    public long queuedBytes() {
        return peers.values().stream()
                .mapToLong(peer -> peer.queue.queuedBytes())
                .sum();
    }

    /** The most that waits for any one peer. */
    public long queuedBytesMax() {
        return peers.values().stream()
                .mapToLong(peer -> peer.queue.queuedBytes())
                .max()
                .orElse(0);
    }

    /** The number of messages and frames that wait for all peers. */
    public int queued() {
        return peers.values().stream().mapToInt(peer -> peer.queue.size()).sum();
    }

    public String queuedBytesByPeer() {
        return peers.values().stream()
                .map(peer -> peer.address + "=" + peer.queue.queuedBytes())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Protocols and ciphers in use now, each once. */
    public String securityInUse() {
        return connections().map(PeerConnection::security).distinct().sorted().collect(Collectors.joining(", "));
    }

    /** The number of peers with which there is a connection in stock's framing. */
    public int stockConnections() {
        return (int) connections()
                .filter(connection -> connection.framing() == Framing.STOCK)
                .count();
    }

    /** The connections in use, one for each peer that has one. */
    private Stream<PeerConnection> connections() {
        return peers.values().stream().map(peer -> peer.current).filter(Objects::nonNull);
    }

    /** The form of what goes over the connection with a peer; empty if there is none. */
    public Optional<Framing> framing(IpAddress address) {
        return Optional.ofNullable(peers.get(address)).map(peer -> peer.current).map(PeerConnection::framing);
    }

    /** A line per peer. */
    public String describe() {
        return peers.values().stream()
                .map(peer -> {
                    PeerConnection connection = peer.current;
                    return (connection == null ? peer.address + " (not connected)" : connection.describe())
                            + ", queued bytes: " + peer.queue.queuedBytes() + ", dropped: " + peer.queue.dropped();
                })
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    void clear() {
        peers.values().forEach(peer -> peer.queue.retire());
        peers.clear();
    }
}
