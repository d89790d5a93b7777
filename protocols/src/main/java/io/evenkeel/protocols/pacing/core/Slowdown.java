package io.evenkeel.protocols.pacing.core;

/**
 * The times at which a flow drains its own queue so that the base delay shows (LEDBAT++, section 4.4): for two round
 * trips, once in an interval in which no probe found the way empty of its own flow.
 */
final class Slowdown {
    private static final int ROUND_TRIPS = 2;

    private long nextNs;
    /** Number of the first probe that sees the drained queue; 0 outside a slowdown. */
    private long untilProbe;

    /** The base delay was seen, or nothing is known at all. */
    void postpone(long nowNs, long intervalNs) {
        nextNs = nowNs + intervalNs;
    }

    void begin(long lastProbe, long nowNs, long intervalNs) {
        untilProbe = lastProbe + ROUND_TRIPS;
        postpone(nowNs, intervalNs);
    }

    void abandon() {
        untilProbe = 0;
    }

    boolean isOn() {
        return untilProbe > 0;
    }

    /** Returns whether the answer to this probe ends it. */
    boolean endsWith(long probe) {
        return isOn() && probe >= untilProbe;
    }

    boolean isDue(long nowNs) {
        return nowNs >= nextNs;
    }

    /** True if half of the interval is over: a flow that has nothing under way can look now, for nothing. */
    boolean isNear(long nowNs, long intervalNs) {
        return nextNs - nowNs <= intervalNs / 2;
    }
}
