package io.evenkeel.protocols.lease;

import java.util.concurrent.TimeUnit;

/**
 * The interval of a member's beats and the time for which a beat is good, with the relations between the two checked
 * (as Patroni checks loop_wait against ttl).
 *
 * @param heartbeatIntervalMs time between two beats of a member, above zero
 * @param leaseTtlMs how long a row is good for after its beat was sent, more than three heartbeats
 */
public record LeasePolicy(long heartbeatIntervalMs, long leaseTtlMs) {
    private static final double JITTER = 0.1;

    /**
     * Checks the relation of the two.
     *
     * @throws IllegalArgumentException naming the property, its value and the limit
     */
    public LeasePolicy {
        if (heartbeatIntervalMs <= 0) {
            throw new IllegalArgumentException("heartbeat_interval=" + heartbeatIntervalMs + " must be > 0");
        }
        if (leaseTtlMs / 3.0 <= heartbeatIntervalMs) {
            throw new IllegalArgumentException("heartbeat_interval=" + heartbeatIntervalMs + " must be < lease_ttl/3 = "
                    + leaseTtlMs / 3 + " (lease_ttl=" + leaseTtlMs + ")");
        }
    }

    /**
     * The time to the next beat: the interval, shortened by up to a tenth so that members do not beat in step.
     *
     * @param random in [0, 1)
     */
    public long nextBeatNs(double random) {
        return (long) (TimeUnit.MILLISECONDS.toNanos(heartbeatIntervalMs) * (1 - JITTER * random));
    }

    /**
     * The lease that a row is judged by: what its member promised, but never less than our own. A member of another
     * version or configuration is then never judged more strictly than one of ours.
     */
    public long leaseMsOf(LeaseRow row) {
        return Math.max(row.leaseMs(), leaseTtlMs);
    }

    /**
     * A row unchanged for longer than this missed its beat; the acting coordinator renews it if its member is in the
     * view.
     */
    public long overdueMs(LeaseRow row) {
        return leaseMsOf(row) / 2;
    }

    /**
     * A live member beats at least once in this time, so a younger row may belong to a live member that a firewall
     * answers for.
     */
    public long certainBeatMs(LeaseRow row) {
        return leaseMsOf(row) / 3;
    }

    /** Reads further apart than this do not add up to an observation. */
    public long maxReadGapMs() {
        return leaseTtlMs / 2;
    }
}
