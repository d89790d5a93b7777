package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.LossDecision.Outcome;
import io.evenkeel.protocols.wire.core.Refusal;
import java.util.Optional;

/** How a connection ended: what its event loop saw, and the control loop asks for afterwards. */
final class Ending {
    private boolean goodbye;
    private boolean timedOut;
    private Refusal refusal;
    private Throwable connectFailure;

    /** One side said that it closes. */
    void goodbye() {
        goodbye = true;
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

    void connectFailed(Throwable cause) {
        connectFailure = cause;
    }

    boolean saidGoodbye() {
        return goodbye;
    }

    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** What became of an attempt to connect; not to be asked about a connection that was open. */
    Outcome outcome() {
        if (connectFailure != null) {
            return ConnectRefusal.is(connectFailure) ? Outcome.REFUSED : Outcome.SILENT;
        }
        if (timedOut) {
            return Outcome.SILENT;
        }
        if (refusal == null || refusal.reason() == Refusal.Reason.ABORTED) {
            return Outcome.BROKEN;
        }
        return refusal.reason() == Refusal.Reason.YIELD ? Outcome.YIELDED : Outcome.REJECTED;
    }

    /** The reason of an attempt's end in words. */
    String why() {
        if (refusal != null) {
            return refusal.reason() + ", " + refusal.detail();
        }
        return connectFailure == null
                ? "the peer closed the connection before it answered"
                : String.valueOf(connectFailure.getMessage());
    }
}
