package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Claim;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jgroups.stack.IpAddress;

/** The lanes to all addresses that anybody talks to. Any thread may look one up; the control loop forgets them. */
final class Lanes {
    private final long maxBytes;
    private final WireStats stats;
    private final Map<IpAddress, Lane> lanes = new ConcurrentHashMap<>();
    private final MemberAddresses members;

    Lanes(long maxBytes, WireStats stats, MemberAddresses members) {
        this.maxBytes = maxBytes;
        this.stats = stats;
        this.members = members;
    }

    /** The lane to this address, made if there is none. */
    Lane to(IpAddress peer) {
        Lane lane = lanes.get(peer);
        return lane != null ? lane : lanes.computeIfAbsent(peer, key -> new Lane(key, maxBytes, stats));
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    /** The lane of this member's last attempt with a number to reach the peer at an address; null if there is none. */
    Lane ofAttempt(long attempt, IpAddress peer) {
        for (Lane lane : lanes.values()) {
            if (lane.attempted(attempt, peer)) {
                return lane;
            }
        }
        return null;
    }

    /** Answers a peer that asks whether an attempt to connect is this member's. Control loop. */
    Claim.Answer answer(long attempt, IpAddress asker) {
        Lane lane = ofAttempt(attempt, asker);
        return Claim.answer(lane != null, lane != null && lane.usesLastAttempt());
    }

    boolean isMember(Lane lane) {
        return members.contains(lane.peer);
    }

    /**
     * Closes what was idle at the last two calls and leads to no member: a joiner talks before it is a member, and gets a
     * whole interval to become one.
     */
    void sweep() {
        for (Lane lane : List.copyOf(lanes.values())) {
            PeerConnection connection = lane.current;
            boolean used = connection != null && connection.outbox().takeUsed();
            boolean idle = !used && lane.isEmpty() && lane.attempt == null;
            boolean idleBefore = lane.idleAtSweep;
            lane.idleAtSweep = idle;
            if (!idle || !idleBefore || isMember(lane)) {
                continue;
            }
            if (connection != null) {
                connection.closeGracefully();
            } else {
                lanes.remove(lane.peer, lane);
                lane.retire();
            }
        }
    }

    long queuedBytes() {
        return lanes.values().stream().mapToLong(Lane::queuedBytes).sum();
    }

    /** The most that waits for any one peer. */
    long queuedBytesMax() {
        return lanes.values().stream().mapToLong(Lane::queuedBytes).max().orElse(0);
    }

    /** How many messages and frames wait for all peers. */
    int queued() {
        return lanes.values().stream().mapToInt(Lane::size).sum();
    }

    String queuedBytesByPeer() {
        return lanes.values().stream()
                .map(lane -> lane.peer + "=" + lane.queuedBytes())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Protocols and ciphers in use now, each once. */
    String securityInUse() {
        return lanes.values().stream()
                .map(lane -> lane.current)
                .filter(connection -> connection != null)
                .map(PeerConnection::security)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** A line per peer. */
    String describe() {
        return lanes.values().stream()
                .map(lane -> {
                    PeerConnection connection = lane.current;
                    return (connection == null ? lane.peer + " (not connected)" : connection.describe())
                            + ", queued bytes: " + lane.queuedBytes() + ", dropped: " + lane.dropped();
                })
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    void clear() {
        lanes.values().forEach(Lane::retire);
        lanes.clear();
    }
}
