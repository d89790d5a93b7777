package io.evenkeel.protocols.pacing.core;

/**
 * Knowledge of a peer's STATE_FC: not known yet, present, or silent.
 *
 * <p>An answer is proof, and so is a probe of the peer's own, which it sends as soon as it has its first view. Silence
 * is no proof of anything: the peer may be without STATE_FC, an older member for one, or overloaded. It counts only
 * from the first bulk on, which it costs a bounded time; the peer is asked again after that, less and less often.
 */
final class PeerPresence {
    /** Probes without an answer after which bulk waits no longer for a silent peer. */
    static final int PROBES = 5;

    private static final long FIRST_PAUSE_NS = 1_000_000_000L;
    private static final long LONGEST_PAUSE_NS = 30_000_000_000L;

    private enum State {
        UNKNOWN,
        PRESENT,
        SILENT
    }

    private State state = State.UNKNOWN;
    private boolean bulkSeen;
    private int asked;
    private long lastAskedNs;
    private long pauseNs = FIRST_PAUSE_NS;

    boolean isPresent() {
        return state == State.PRESENT;
    }

    boolean isSilent() {
        return state == State.SILENT;
    }

    /**
     * The peer showed that it has STATE_FC.
     *
     * @return true if it was taken for silent until now
     */
    boolean onSign() {
        boolean wasSilent = state == State.SILENT;
        state = State.PRESENT;
        return wasSilent;
    }

    /** It is certain that the peer has no STATE_FC. */
    void onAbsence() {
        state = State.SILENT;
    }

    /**
     * There is bulk for the peer: what was asked before the first, when nothing waited for an answer, counts no more.
     */
    void onBulk() {
        if (state == State.UNKNOWN && !bulkSeen) {
            bulkSeen = true;
            asked = 0;
        }
    }

    /** True if a probe should ask now; a silent peer is asked only if there is bulk for it. */
    boolean askDue(boolean bulkOffered, long timeoutNs, long nowNs) {
        return switch (state) {
            case PRESENT -> false;
            case UNKNOWN -> asked == 0 || (asked < PROBES && nowNs - lastAskedNs >= timeoutNs);
            case SILENT -> bulkOffered && nowNs - lastAskedNs >= pauseNs;
        };
    }

    void onAsked(long nowNs) {
        asked++;
        lastAskedNs = nowNs;
        if (state == State.SILENT) {
            pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
        }
    }

    /**
     * Time goes by.
     *
     * @return true once: the peer has just been taken for silent
     */
    boolean onTick(long timeoutNs, long nowNs) {
        if (!bulkSeen || state != State.UNKNOWN || !isUnanswered(timeoutNs, nowNs)) {
            return false;
        }
        state = State.SILENT;
        return true;
    }

    private boolean isUnanswered(long timeoutNs, long nowNs) {
        return asked >= PROBES && nowNs - lastAskedNs >= timeoutNs;
    }

    /** True if an answer is still waited for, or the next probe is to be sent by time. */
    boolean needsTicks() {
        return state == State.UNKNOWN && (bulkSeen || asked < PROBES);
    }
}
