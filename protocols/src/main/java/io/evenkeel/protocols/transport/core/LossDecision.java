package io.evenkeel.protocols.transport.core;

import java.util.concurrent.TimeUnit;

/**
 * Decides about a member when its connection ends, and after each attempt to renew it.
 *
 * <p>A refused connect means that the peer's kernel has no listener on the port, unless a middlebox answers on its
 * behalf: a firewall that is being reloaded, a proxy that restarts. So refusals alone have to last longer than such a
 * moment. If the peer's liveness connection ended as those of a dead process do ({@link LivenessEnd}), a fraction of
 * that is enough. Both are proofs, and the dead are not asked again (VERIFY_SUSPECT2 would take one to two seconds to
 * do so). Connections that are taken and closed again without a word are no proof, however long that lasts, but a
 * doubt, about which the member is asked. Silence proves nothing (a network blip, a stopped or collecting process) and
 * is left to the heartbeats of FD_ALL3.
 *
 * <p>One for each loss, kept until an attempt is answered. One writer.
 */
public final class LossDecision {
    /** Refusals in a row that make a death, at the least. */
    public static final int PROOF_REFUSALS = 3;

    /** Failed attempts in a row that make a doubt, and attempts that are repeated at once, at the least. */
    public static final int MIN_BROKEN = 5;

    private final long minRefusalNs;
    private final long patientRefusalNs;
    private int refusals;
    private long firstRefusalNs;
    /** Attempts in a row that were refused or broken. */
    private int unanswered;

    private long firstUnansweredNs;
    private int unproven;
    private boolean told;

    /**
     * A connection was lost, and nothing is known yet.
     *
     * @param minRefusalMs how long refusals have to go on beside other evidence, see {@link Attempt}
     * @param patientRefusalMs how long without it, at least as long
     */
    public LossDecision(long minRefusalMs, long patientRefusalMs) {
        minRefusalNs = TimeUnit.MILLISECONDS.toNanos(minRefusalMs);
        patientRefusalNs = TimeUnit.MILLISECONDS.toNanos(patientRefusalMs);
    }

    /** The reaction to the end of a connection. */
    public enum OnLoss {
        IGNORE,
        RECONNECT
    }

    /** The end of an attempt to connect. */
    public enum Outcome {
        /** The peer took the connection. */
        ACCEPTED,
        /** The peer's host says that no process listens. */
        REFUSED,
        /** No answer in time, or no way there. */
        SILENT,
        /** A process answered, and one side turned the other down. */
        REJECTED,
        /** The peer could not reach this member at its address to prove its claim. */
        UNPROVEN,
        /** The connection ended before a process answered, as when a dying process's sockets close one by one. */
        BROKEN,
        /** The peer prefers its own connection to us. */
        YIELDED
    }

    /**
     * An attempt to connect that is over.
     *
     * @param startedNs when it began. Refusals are counted from the end of the first to the start of the last: this
     *     process may have been stopped, or had no processor, between an answer and its reading, for longer than a blip
     *     lasts
     */
    public record Attempt(Outcome outcome, long startedNs) {}

    /** The reaction to the end of an attempt to renew a connection. */
    public enum OnOutcome {
        IGNORE,
        TRY_AGAIN,
        /** Have JGroups ask the member whether it lives. */
        DOUBT,
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
     * @param ended whether the member's liveness connections have ended as those of a dead process do
     * @param nowNs when the attempt ended
     */
    public OnOutcome onOutcome(Attempt attempt, boolean member, boolean leaving, boolean ended, long nowNs) {
        Outcome outcome = attempt.outcome();
        if (outcome != Outcome.REFUSED) {
            refusals = 0;
        } else if (refusals++ == 0) {
            firstRefusalNs = nowNs;
        }
        if (outcome != Outcome.REFUSED && outcome != Outcome.BROKEN) {
            unanswered = 0;
        } else if (unanswered++ == 0) {
            firstUnansweredNs = nowNs;
        }
        if (!member || leaving) {
            return OnOutcome.IGNORE;
        }
        return switch (outcome) {
            case REFUSED -> isProven(ended, attempt.startedNs()) ? OnOutcome.SUSPECT : OnOutcome.TRY_AGAIN;
            case BROKEN -> isDoubtful(nowNs) ? OnOutcome.DOUBT : OnOutcome.TRY_AGAIN;
            case UNPROVEN -> ++unproven < MIN_BROKEN ? OnOutcome.TRY_AGAIN : OnOutcome.IGNORE;
            case ACCEPTED, SILENT, REJECTED, YIELDED -> OnOutcome.IGNORE;
        };
    }

    private boolean isProven(boolean ended, long startedNs) {
        return refusals >= PROOF_REFUSALS && startedNs - firstRefusalNs >= requiredNs(ended);
    }

    private boolean isDoubtful(long nowNs) {
        return unanswered >= MIN_BROKEN && nowNs - firstUnansweredNs >= patientRefusalNs;
    }

    private long requiredNs(boolean ended) {
        return ended ? minRefusalNs : patientRefusalNs;
    }

    /**
     * The wait before the next attempt: while refusals come, not longer than it takes to prove the death.
     *
     * @param backoffMs the wait otherwise, in milliseconds
     * @param ended as in {@link #onOutcome}
     */
    public long delayMs(long backoffMs, boolean ended, long nowNs) {
        long requiredNs = requiredNs(ended);
        if (refusals == 0 || requiredNs == 0) {
            return backoffMs;
        }
        long leftNs = Math.max(0, requiredNs - (nowNs - firstRefusalNs));
        // Halves leave room for as many refusals as a proof needs.
        long proofNs = Math.min(leftNs, requiredNs / (PROOF_REFUSALS - 1));
        return Math.min(backoffMs, Math.max(1, TimeUnit.NANOSECONDS.toMillis(proofNs + 999_999)));
    }

    /** True if it was not told yet that the loss has proved nothing; true once. */
    public boolean tell() {
        boolean first = !told;
        told = true;
        return first;
    }

    /**
     * Decides to suspect a member when another process answers at its address.
     *
     * @param member whether the one that was known there is in the view, at this address
     * @param proven whether the answer came from the address: it was dialled
     * @param knownIncarnation the incarnation that the member's connection had
     * @param foundIncarnation the one that answers now
     */
    public static boolean replaced(
            boolean member, boolean leaving, boolean proven, long knownIncarnation, long foundIncarnation) {
        return member && !leaving && proven && knownIncarnation != foundIncarnation;
    }
}
