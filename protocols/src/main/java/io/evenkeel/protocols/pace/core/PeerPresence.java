package io.evenkeel.protocols.pace.core;

/**
 * Whether the STATE_FC of a peer answers probes: not known, yes, or no for now.
 *
 * <p>A first answer is proof. Silence over a few probes means a peer without STATE_FC, a version that does not pace, for one;
 * it is asked again from time to time, as it may only have been busy.
 */
final class PeerPresence {
    private static final int PROBES = 5;
    private static final long ASK_AGAIN_NS = 30_000_000_000L;

    private enum State {
        UNKNOWN,
        PRESENT,
        ABSENT
    }

    private State state = State.UNKNOWN;
    private int asked;
    private long lastAskedNs;

    boolean isPresent() {
        return state == State.PRESENT;
    }

    boolean isAbsent() {
        return state == State.ABSENT;
    }

    void onAnswer() {
        state = State.PRESENT;
    }

    /** Whether a probe should ask now; an absent peer is asked only if there is bulk for it. */
    boolean askDue(boolean bulkOffered, long timeoutNs, long nowNs) {
        return switch (state) {
            case PRESENT -> false;
            case UNKNOWN -> asked == 0 || (asked < PROBES && nowNs - lastAskedNs >= timeoutNs);
            case ABSENT -> bulkOffered && nowNs - lastAskedNs >= ASK_AGAIN_NS;
        };
    }

    void onAsked(long nowNs) {
        asked++;
        lastAskedNs = nowNs;
    }

    /**
     * Time goes by.
     *
     * @return true once: the peer has just been taken for absent
     */
    boolean onTick(long timeoutNs, long nowNs) {
        if (state != State.UNKNOWN || asked < PROBES || nowNs - lastAskedNs < timeoutNs) {
            return false;
        }
        state = State.ABSENT;
        return true;
    }
}
