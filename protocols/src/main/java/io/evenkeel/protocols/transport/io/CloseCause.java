package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.LivenessEnd.How;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The end of a connection, as its event loop saw it and the control loop asks for it afterwards. */
public final class CloseCause {
    private boolean goodbye;
    private boolean closed;
    private boolean timedOut;
    private volatile boolean heard;
    private @Nullable Refusal refusal;
    private @Nullable Throwable connectFailure;

    /** One side said that it closes. */
    void goodbye() {
        goodbye = true;
    }

    /** One side ended it on purpose: this one its socket, or the peer its TLS session. */
    void closed() {
        closed = true;
    }

    void timedOut() {
        timedOut = true;
    }

    /** One side turned the other down; the first reason stands, what follows is its consequence. */
    void refused(Refusal why) {
        if (refusal == null) {
            refusal = why;
        }
    }

    /** The peer has said something. */
    void heard() {
        heard = true;
    }

    /**
     * The connection has ended before it was accepted. If this side has dialled it, an end without a reason has one
     * cause that the peer cannot name, since a reason is understood only behind TLS: it took too many connections.
     */
    void endedEarly(boolean dialled) {
        boolean unexplained = refusal == null || refusal.reason() == Refusal.Reason.ABORTED;
        if (!unexplained || goodbye || timedOut || connectFailure != null) {
            return;
        }
        if (!dialled) {
            refused(new Refusal(Refusal.Reason.ABORTED, "the peer closed the connection before it said who it is"));
        } else {
            refusal = new Refusal(
                    Refusal.Reason.CLOSED_EARLY,
                    heard
                            ? "the peer closed the connection in the middle of the handshake"
                            : "the peer takes connections and closes them before it says anything");
        }
    }

    /** True if the peer may take a later attempt: it is there, and has too many connections just now. */
    public boolean isForLoad() {
        return refusal != null
                && (refusal.reason() == Refusal.Reason.CLOSED_EARLY
                        || refusal.reason() == Refusal.Reason.TOO_MANY_PENDING);
    }

    /** True if the peer took the connection and closed it before it said anything. */
    public boolean isWordless() {
        return !heard && refusal != null && refusal.reason() == Refusal.Reason.CLOSED_EARLY;
    }

    /** True if the peer's host took the connection, and the peer did not answer in time. */
    public boolean isLateHandshake() {
        return timedOut;
    }

    void connectFailed(Throwable cause) {
        connectFailure = cause;
    }

    public boolean saidGoodbye() {
        return goodbye;
    }

    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The end of a connection that was open. */
    public How how() {
        if (refusal != null) {
            return How.BROKEN;
        }
        return goodbye || closed ? How.CLOSED : How.FINISHED;
    }

    /** The outcome of an attempt to connect; not to be asked about a connection that was open. */
    public Outcome outcome() {
        if (connectFailure != null) {
            return ConnectRefusal.is(connectFailure) ? Outcome.REFUSED : Outcome.SILENT;
        }
        if (timedOut) {
            return Outcome.SILENT;
        }
        if (refusal == null
                || refusal.reason() == Refusal.Reason.ABORTED
                || refusal.reason() == Refusal.Reason.CLOSED_EARLY) {
            return Outcome.BROKEN;
        }
        return switch (refusal.reason()) {
            case YIELD -> Outcome.YIELDED;
            case ADDRESS_UNPROVEN -> Outcome.UNPROVEN;
            default -> Outcome.REJECTED;
        };
    }

    /** The reason of an attempt's end in words. */
    public String why() {
        if (refusal != null) {
            return refusal.reason() + ", " + refusal.detail();
        }
        return connectFailure == null
                ? "the peer closed the connection before it answered"
                : String.valueOf(connectFailure.getMessage());
    }
}
