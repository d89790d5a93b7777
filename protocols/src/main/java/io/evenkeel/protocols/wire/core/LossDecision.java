package io.evenkeel.protocols.wire.core;

import java.util.concurrent.TimeUnit;

/**
 * What to do when the connection to a member ends, and when the attempt to renew it ends.
 *
 * <p>A refused attempt is the word of the peer's own kernel that nobody listens any more, and another incarnation is the
 * word of the process that took its place; both prove a death, and nobody asks the dead again (VERIFY_SUSPECT2 would take one to
 * two seconds to do so). Because a firewall that is being reloaded rejects for a moment too, a refusal has to be repeated,
 * over a time that such a moment does not last. Silence proves nothing (a network blip, a stopped or collecting process) and
 * is left to the heartbeats of FD_ALL3; but a refusal that comes after it does.
 *
 * <p>One for each loss, kept until somebody answers. One writer.
 */
public final class LossDecision {
    /** Refusals in a row that make a death, at the least. */
    public static final int PROOF_REFUSALS = 3;

    /** Broken attempts before the heartbeats have to decide. */
    public static final int MAX_BROKEN = 5;

    private final long minRefusalNs;
    private int attempts;
    private int refusals;
    private long firstRefusalNs;
    private boolean told;

    /**
     * A connection was lost, and nothing is known yet.
     *
     * @param minRefusalMs how long refusals have to go on, from the first to the last, to make a death
     */
    public LossDecision(long minRefusalMs) {
        minRefusalNs = TimeUnit.MILLISECONDS.toNanos(minRefusalMs);
    }

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
     * @param nowNs when the attempt ended
     */
    public OnOutcome onOutcome(Outcome outcome, boolean member, boolean leaving, long nowNs) {
        attempts++;
        if (outcome != Outcome.REFUSED) {
            refusals = 0;
        } else if (refusals++ == 0) {
            firstRefusalNs = nowNs;
        }
        if (!member || leaving) {
            return OnOutcome.IGNORE;
        }
        return switch (outcome) {
            case REFUSED -> isProven(nowNs) ? OnOutcome.SUSPECT : OnOutcome.TRY_AGAIN;
            case BROKEN -> attempts < MAX_BROKEN ? OnOutcome.TRY_AGAIN : OnOutcome.IGNORE;
            case ACCEPTED, SILENT, REJECTED, YIELDED -> OnOutcome.IGNORE;
        };
    }

    private boolean isProven(long nowNs) {
        return refusals >= PROOF_REFUSALS && nowNs - firstRefusalNs >= minRefusalNs;
    }

    /**
     * When to try again: while refusals come, not later than it takes to prove the death.
     *
     * @param backoffMs the wait otherwise, in milliseconds
     */
    public long delayMs(long backoffMs, long nowNs) {
        if (refusals == 0 || minRefusalNs == 0) {
            return backoffMs;
        }
        long leftNs = Math.max(0, minRefusalNs - (nowNs - firstRefusalNs));
        // Halves leave room for as many refusals as a proof needs.
        long proofNs = Math.min(leftNs, minRefusalNs / (PROOF_REFUSALS - 1));
        return Math.min(backoffMs, Math.max(1, TimeUnit.NANOSECONDS.toMillis(proofNs + 999_999)));
    }

    /** Whether nobody was told yet that the loss has proved nothing; true once. */
    public boolean tell() {
        boolean first = !told;
        told = true;
        return first;
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
