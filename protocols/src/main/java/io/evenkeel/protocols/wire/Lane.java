package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.WireStats.Drop;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.LivenessEnd;
import io.evenkeel.protocols.wire.core.LossDecision;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.stack.IpAddress;

/**
 * Everything on its way to one physical address, or to everybody: a queue bounded in bytes, and the connection that empties it. Any thread
 * may offer; the connection's event loop polls; the fields of the last group belong to the control loop.
 */
final class Lane {
    /** null for everybody. */
    final IpAddress peer;

    private final long maxBytes;
    private final WireStats stats;
    private final Queue<Parcel> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean retired;

    /** Set while somebody has asked the control loop for a connection and has not been answered. */
    final AtomicBoolean wanted = new AtomicBoolean();

    /** The connection in use, written by the control loop alone; null while there is none. */
    volatile PeerConnection current;

    /** An attempt to make it; null while there is none. */
    PeerConnection attempt;
    /** The random number of the last attempt to connect. */
    long lastAttempt;

    int failures;
    long retryAtNs;
    String lastFailure;
    boolean idleAtSweep;
    /** The HELLO of the process at the other end of the last connection, until another process is there. */
    Hello known;
    /** The liveness connections in use; null while there is none. Mostly there is one of them. */
    PeerConnection livenessDialled;

    PeerConnection livenessTaken;
    /** The end of the last one; null while one is open, or before the first. */
    LivenessEnd livenessEnd;

    int livenessFailures;
    long livenessRetryAtNs;
    /** What is known of a member whose connection was lost; null when nothing has to be found out. */
    LossDecision loss;

    Lane(IpAddress peer, long maxBytes, WireStats stats) {
        this.peer = peer;
        this.maxBytes = maxBytes;
        this.stats = stats;
    }

    /**
     * Queues something, or drops and counts it when the queue is full; owns its buffer from here on. An empty queue takes
     * anything: what alone is above the bound would be dropped and retransmitted for ever.
     */
    boolean offer(Parcel parcel) {
        long queued = queuedBytes.addAndGet(parcel.bytes);
        if (queued > maxBytes && queued != parcel.bytes) {
            queuedBytes.addAndGet(-parcel.bytes);
            drop(parcel, Drop.QUEUE_FULL);
            return false;
        }
        queue.add(parcel);
        if (retired) {
            // The table forgot this lane between the caller's look-up and now: nobody will poll it again.
            discard();
            return false;
        }
        return true;
    }

    /** What waits longest; null if nothing does. */
    Parcel peek() {
        return queue.peek();
    }

    /** Takes that out; false if somebody else has. */
    boolean take(Parcel first) {
        if (!queue.remove(first)) {
            return false;
        }
        queuedBytes.addAndGet(-first.bytes);
        return true;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** How many messages and frames wait; counts them one by one, so it is for people who ask. */
    int size() {
        return queue.size();
    }

    /** How many were dropped on the way to this peer. */
    long dropped() {
        return dropped.sum();
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /** Drops and counts what waits. */
    void discard() {
        for (Parcel first = peek(); first != null; first = peek()) {
            if (take(first)) {
                drop(first, Drop.NOT_CONNECTED);
            }
        }
    }

    private void drop(Parcel parcel, Drop why) {
        parcel.discard();
        dropped.increment();
        stats.dropped(why);
    }

    /** Whether the number is that of the last attempt, and that attempt led to the peer at an address. */
    boolean attempted(long number, IpAddress announced) {
        return number != 0 && lastAttempt == number && (peer.equals(announced) || isAnnounced(announced));
    }

    /** A peer may be dialled at another address than the one that it announces. */
    private boolean isAnnounced(IpAddress address) {
        PeerConnection made = attempt != null ? attempt : current;
        Hello theirs = made == null ? null : made.theirs();
        return theirs != null && IpAddresses.of(theirs.address()).equals(address);
    }

    /** Whether the last attempt is under way or in use. */
    boolean usesLastAttempt() {
        return attempt != null || (current != null && current.attemptNumber() == lastAttempt);
    }

    void retire() {
        retired = true;
        discard();
    }
}
