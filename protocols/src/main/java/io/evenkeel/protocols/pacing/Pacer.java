package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.log.PacingMessages;
import io.evenkeel.protocols.pacing.core.BulkFlow;
import io.evenkeel.protocols.pacing.core.Offer;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import io.evenkeel.protocols.pacing.core.Pressure;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.logging.Log;
import org.jgroups.stack.Protocol;
import org.jgroups.util.TimeScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Paces bulk to every other member of the view.
 *
 * <p>It has no thread of its own. The transport's timer wakes it as long as something is queued, under way or not
 * answered.
 */
public final class Pacer {
    private static final long TICK_MS = 20;

    private final Map<Address, PacedPeer> peers = new ConcurrentHashMap<>();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicLong flows = new AtomicLong();
    private final PacingStats stats = new PacingStats();
    private final Protocol protocol;
    private final PacingSender sender;
    private final PressureMeter meter;
    private final Log log;
    private volatile PacingPolicy policy;
    private volatile boolean enabled;
    private volatile boolean released;
    private volatile @Nullable TimeScheduler timer;
    private volatile long tickAtNs;

    /**
     * Does nothing until {@link #start}.
     *
     * @param headers whether a member can read this protocol's headers
     */
    public Pacer(
            Protocol protocol,
            Log log,
            PacingPolicy policy,
            boolean enabled,
            PressureMeter meter,
            Function<Address, HeaderSupport> headers) {
        this.protocol = protocol;
        this.log = log;
        this.policy = policy;
        this.enabled = enabled;
        this.meter = meter;
        sender = new PacingSender(protocol, headers);
    }

    public void start(TimeScheduler scheduler) {
        timer = scheduler;
        released = false;
        // A stopped timer drops its tasks: the tick that was planned when the channel was last disconnected never ran.
        ticking.set(false);
    }

    /** This member leaves: what waits goes now, in order, and what comes yet is not held back. */
    public void release() {
        released = true;
        peers.values().forEach(PacedPeer::leave);
    }

    /** Nothing can be sent any more. */
    public void stop() {
        timer = null;
        peers.values().forEach(this::giveUp);
        peers.clear();
    }

    /** From now on there is bulk for these alone; those who are new are asked whether they answer probes. */
    public void setMembers(Collection<Address> members) {
        peers.entrySet().removeIf(entry -> {
            boolean gone = !members.contains(entry.getKey());
            if (gone) {
                giveUp(entry.getKey(), entry.getValue());
            }
            return gone;
        });
        if (timer == null) {
            return;
        }
        for (Address member : members) {
            if (!member.equals(protocol.getAddress()) && !peers.containsKey(member)) {
                addPeer(member);
            }
        }
        tickIfNeeded();
    }

    private void giveUp(Address member, PacedPeer peer) {
        int messages = giveUp(peer);
        if (messages > 0) {
            PacingMessages.PEER_GONE.to(log, protocol.getAddress(), member, messages);
        }
    }

    private int giveUp(PacedPeer peer) {
        int messages = peer.giveUp().size();
        stats.gone(
                messages,
                peer.decide(flow -> flow.window().lostProbes()),
                peer.decide(BulkFlow::longestWaitNs),
                peer.decide(BulkFlow::restedNs));
        return messages;
    }

    /** Room for 2^40 messages a flow. */
    private long newNumbers() {
        return flows.incrementAndGet() << 40;
    }

    private void addPeer(Address member) {
        PacedPeer peer = peers.computeIfAbsent(
                member, address -> new PacedPeer(address, policy, newNumbers(), enabled, sender, meter, stats));
        // Once more: what changed before the peer could be seen in the map passed it by. This also sends its first
        // probe.
        peer.setPolicy(policy);
        peer.setEnabled(enabled);
        if (released) {
            peer.leave();
        }
    }

    /** Takes a message of bulk over, or returns false if the caller is to send it as it is, now. */
    public boolean take(Message message) {
        PacedPeer peer = message.getDest() == null ? null : peers.get(message.getDest());
        if (peer == null) {
            stats.passed(Offer.PASS_GONE, PacedPeer.lengthBytes(message));
            return false;
        }
        boolean taken = peer.take(message);
        // Of this one alone: with each message of state the monitors of a hundred peers would be taken.
        if (!ticking.get() && peer.decide(BulkFlow::needsTicks)) {
            planTick();
        }
        return taken;
    }

    /**
     * A probe came: the answer says when, by when it arrives. A peer that is no member (any more) may be dead, and gets
     * it once.
     */
    public void onProbe(Address from, long number) {
        PacedPeer peer = peers.get(from);
        sender.answer(from, number, peer != null, meter.pressure());
        if (peer != null && peer.onPeerProbe()) {
            sayPacedAgain(from);
        }
    }

    /** An answer came, or, with a number of no probe, only what the peer says of itself. */
    public void onAnswer(Address from, long number, Message answer) {
        PacedPeer peer = peers.get(from);
        if (peer != null && peer.onAnswer(number, PressurePayload.read(answer))) {
            sayPacedAgain(from);
        }
    }

    private void sayPacedAgain(Address member) {
        PacingMessages.PEER_PACED_AGAIN.to(log, protocol.getAddress(), member);
    }

    private void tickIfNeeded() {
        if (!ticking.get() && peers.values().stream().anyMatch(peer -> peer.decide(BulkFlow::needsTicks))) {
            planTick();
        }
    }

    private void planTick() {
        TimeScheduler scheduler = timer;
        if (scheduler != null && ticking.compareAndSet(false, true)) {
            tickAtNs = sender.nowNs() + TimeUnit.MILLISECONDS.toNanos(TICK_MS);
            scheduler.schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        meter.onTick(sender.nowNs() - tickAtNs);
        ticking.set(false);
        // First, so that a peer at which sending hangs below us holds up no other: the next tick passes it by.
        tickIfNeeded();
        peers.forEach((member, peer) -> {
            if (peer.onTick()) {
                PacingMessages.PEER_UNPACED.to(log, protocol.getAddress(), member);
            }
        });
    }

    /** On or off while it runs; off, what waits goes at once. */
    public void setEnabled(boolean on) {
        enabled = on;
        peers.values().forEach(peer -> peer.setEnabled(on));
    }

    public void setPolicy(PacingPolicy changed) {
        policy = changed;
        peers.values().forEach(peer -> peer.setPolicy(changed));
    }

    public PacingStats stats() {
        return stats;
    }

    /** The lost probes of all destinations, also of those that are gone. */
    public long lostProbes() {
        return stats.lostProbesOfGone()
                + figures(flow -> flow.window().lostProbes()).sum();
    }

    /** The longest wait at any destination, also at those that are gone. */
    public long longestWaitNs() {
        return Math.max(
                stats.longestWaitOfGoneNs(),
                figures(BulkFlow::longestWaitNs).max().orElse(0));
    }

    /** One figure of each destination. */
    public LongStream figures(ToLongFunction<BulkFlow<Message>> figure) {
        return peers.values().stream().mapToLong(peer -> peer.decide(figure::applyAsLong));
    }

    /** The pressure that each destination reports now. */
    public Stream<Pressure> peerPressures() {
        return peers.values().stream().map(peer -> peer.decide(flow -> flow.peerPressure(sender.nowNs())));
    }

    /** The time for which flows rested, also those to destinations that are gone. */
    public long restedNs() {
        return stats.restedOfGoneNs() + figures(BulkFlow::restedNs).sum();
    }

    /** A line for each destination. */
    public String dump() {
        return peers.values().stream().map(PacedPeer::toString).sorted().collect(Collectors.joining("\n"));
    }

    public void resetStats() {
        stats.reset();
        peers.values()
                .forEach(peer -> peer.decide(flow -> {
                    flow.resetFigures();
                    return null;
                }));
    }
}
