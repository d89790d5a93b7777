package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.LivenessEnd;
import io.evenkeel.protocols.transport.core.LossDecision;
import io.evenkeel.protocols.transport.frame.SendQueue;
import io.evenkeel.protocols.transport.io.IpAddresses;
import io.evenkeel.protocols.transport.io.PeerConnection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.stack.IpAddress;

/**
 * A physical address that this member talks to: the queue of what is on its way there, and the state of the connection that
 * empties it. The fields but the first three belong to the control loop.
 */
public final class Peer {
    final IpAddress address;
    final SendQueue queue;

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

    Peer(IpAddress address, SendQueue queue) {
        this.address = address;
        this.queue = queue;
    }

    /** Whether the number is that of the last attempt, and that attempt led to the peer at an address. */
    boolean attempted(long number, IpAddress announced) {
        return number != 0 && lastAttempt == number && (address.equals(announced) || isAnnounced(announced));
    }

    /** A peer may be dialled at another address than the one that it announces. */
    private boolean isAnnounced(IpAddress announced) {
        PeerConnection made = attempt != null ? attempt : current;
        Hello theirs = made == null ? null : made.theirs();
        return theirs != null && IpAddresses.of(theirs.address()).equals(announced);
    }

    /** Whether the last attempt is under way or in use. */
    boolean usesLastAttempt() {
        return attempt != null || (current != null && current.attemptNumber() == lastAttempt);
    }
}
