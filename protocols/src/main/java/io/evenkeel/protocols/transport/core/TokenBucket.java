package io.evenkeel.protocols.transport.core;

import java.util.concurrent.TimeUnit;

/** Bounds how often something happens: in a burst at once, and then so often in a second on the average. One writer. */
public final class TokenBucket {
    private final long intervalNs;
    private final int burst;
    private long fullAtNs;

    /**
     * A full bucket.
     *
     * @param perSecond in a second on the average, at least 1
     * @param burst at once, at least 1
     */
    public TokenBucket(int perSecond, int burst, long nowNs) {
        this.intervalNs = Math.max(1, TimeUnit.SECONDS.toNanos(1) / perSecond);
        this.burst = burst;
        this.fullAtNs = nowNs;
    }

    /** Takes a token if there is one. */
    public boolean take(long nowNs) {
        if (waitNs(nowNs) > 0) {
            return false;
        }
        fullAtNs = (fullAtNs - nowNs > 0 ? fullAtNs : nowNs) + intervalNs;
        return true;
    }

    /** Nanoseconds until there is a token; 0 if there is one. */
    public long waitNs(long nowNs) {
        return Math.max(0, fullAtNs - nowNs - (burst - 1) * intervalNs);
    }
}
