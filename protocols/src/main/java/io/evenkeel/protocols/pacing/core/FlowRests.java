package io.evenkeel.protocols.pacing.core;

/**
 * The rests of a flow to which one of its ends is short of processor, quota or heap: for each time in which something
 * of it is under way, it rests for so long that it is busy for its share of the time.
 *
 * <p>The other work for a chunk, making and applying it, rests by itself at the member that does it
 * ({@link ProcessorShare}), so that the whole of a transfer is stretched by the same factor, and no part of it twice.
 *
 * <p>Rests are owed until they are worth a tick, and what a late tick made too long is taken off the next: the share
 * holds on the average, whatever wakes the flow.
 */
final class FlowRests {
    /** No rest is shorter than a tick of the pacer, which ends it. */
    static final long QUANTUM_NS = 20_000_000L;

    private static final double FULL = 1;
    private static final double PERCENT = 100;

    private double share = FULL;
    private long owedNs;
    private long sinceNs;
    private boolean resting;
    private long busySinceNs;
    private boolean busy;
    private long restedNs;

    /** Sets the share of the end that is shorter. */
    void setShare(int percent) {
        share = percent / PERCENT;
        if (share >= FULL) {
            owedNs = 0;
        }
    }

    void onSend(long nowNs) {
        if (!busy) {
            busy = true;
            busySinceNs = nowNs;
        }
    }

    void onAck(boolean moreUnderWay, long nowNs) {
        if (busy && !resting) {
            long restNs = (long) ((nowNs - busySinceNs) * (FULL / share - FULL));
            owedNs = Math.min(owedNs + restNs, ProcessorShare.MAX_REST_NS);
            busySinceNs = nowNs;
            if (owedNs >= QUANTUM_NS) {
                resting = true;
                sinceNs = nowNs;
            }
        }
        busy &= moreUnderWay;
    }

    /** True if nothing is to go now. */
    boolean isResting(long nowNs) {
        if (resting && nowNs - sinceNs >= owedNs) {
            resting = false;
            restedNs += nowNs - sinceNs;
            owedNs = Math.max(-ProcessorShare.MAX_REST_NS, owedNs - (nowNs - sinceNs));
            // What was under way meanwhile has waited for what follows it.
            busySinceNs = nowNs;
        }
        return resting;
    }

    long restedNs() {
        return restedNs;
    }

    void resetFigures() {
        restedNs = 0;
    }
}
