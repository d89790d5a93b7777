package io.evenkeel.protocols.wire.core;

/**
 * What to do when the connection to a member ends, and when the attempt to renew it ends.
 *
 * <p>A refused attempt is the word of the peer's own kernel that nobody listens any more, and another incarnation is the
 * word of the process that took its place; both prove a death, and nobody asks the dead again (VERIFY_SUSPECT2 would take one to
 * two seconds to do so). Because a firewall that is being reloaded refuses for a moment too, a refusal has to be repeated. Silence
 * proves nothing (a network blip, a stopped or collecting process) and is left to the heartbeats of FD_ALL3.
 */
public final class LossDecision {
    /** Refusals in a row that make a death. */
    public static final int PROOF_REFUSALS = 3;

    private LossDecision() {}

    /** What to do about an ended connection. */
    public enum OnLoss {
        IGNORE,
        RECONNECT
    }

    /** How an attempt to connect ended. */
    public enum Outcome {
        /** The peer took the connection. */
        ACCEPTED,
        /** The peer's host says that nobody listens. */
        REFUSED,
        /** No answer in time, or no way there. */
        SILENT,
        /** Somebody answered and one side turned the other down. */
        REJECTED,
        /** The connection ended before anybody answered, as when a dying process's sockets close one by one. */
        BROKEN,
        /** The peer prefers its own connection to us. */
        YIELDED
    }

    /** What to do about the member whose connection had ended, after an attempt to renew it. */
    public enum OnOutcome {
        IGNORE,
        TRY_AGAIN,
        SUSPECT
    }

    /**
     * Decides when a connection has ended.
     *
     * @param goodbye whether the peer said that it closes
     * @param member whether the peer is in the current view
     * @param leaving whether this member is leaving or has left
     */
    public static OnLoss onLoss(boolean goodbye, boolean member, boolean leaving) {
        return !goodbye && member && !leaving ? OnLoss.RECONNECT : OnLoss.IGNORE;
    }

    /**
     * Decides when an attempt to renew a connection has ended.
     *
     * @param member whether it is still in the view
     * @param leaving whether this member is leaving or has left
     * @param attempts attempts made since the connection ended, this one included
     * @param maxAttempts how many broken attempts to make before the heartbeats have to decide
     * @param refusals how many of the last attempts in a row were refused, this one included
     */
    public static OnOutcome onOutcome(
            Outcome outcome, boolean member, boolean leaving, int attempts, int maxAttempts, int refusals) {
        if (!member || leaving) {
            return OnOutcome.IGNORE;
        }
        return switch (outcome) {
            case REFUSED -> refusals < PROOF_REFUSALS ? OnOutcome.TRY_AGAIN : OnOutcome.SUSPECT;
            case BROKEN -> attempts < maxAttempts ? OnOutcome.TRY_AGAIN : OnOutcome.IGNORE;
            case ACCEPTED, SILENT, REJECTED, YIELDED -> OnOutcome.IGNORE;
        };
    }

    /**
     * Whether to suspect a member when somebody answers at its address.
     *
     * @param knownIncarnation the incarnation that the member's connection had
     * @param foundIncarnation the one that answers now
     */
    public static boolean replaced(boolean member, boolean leaving, long knownIncarnation, long foundIncarnation) {
        return member && !leaving && knownIncarnation != foundIncarnation;
    }
}
