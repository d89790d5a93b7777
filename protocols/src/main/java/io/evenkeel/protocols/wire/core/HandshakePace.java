package io.evenkeel.protocols.wire.core;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket for TLS handshakes of incoming connections: each costs the accepting side a signature before the peer has
 * proved anything, so that a flood of ClientHellos must not take the processor from the members. One writer.
 */
public final class HandshakePace {
    private final long intervalNs;
    private final int burst;
    private long fullAtNs;

    /**
     * A full bucket.
     *
     * @param perSecond handshakes that may start in a second on the average, at least 1
     * @param burst handshakes that may start at once, at least 1
     */
    public HandshakePace(int perSecond, int burst, long nowNs) {
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
