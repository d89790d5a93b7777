package io.evenkeel.protocols.lease;

import java.util.concurrent.TimeUnit;

/**
 * The schedule of full reads of a member that otherwise reads the coordinators' rows alone: one after a new view or an
 * outage, to see the members that have come, and another two leases later, when the rows of dead members are gone.
 * Until then the member would go on telling its transport and MERGE3 of the dead.
 *
 * <p>Single writer, not thread-safe.
 */
final class FullReadSchedule {
    private final long againNs;
    private boolean due = true;
    private boolean restarted = true;
    private boolean again;
    private long againAtNs;

    FullReadSchedule(LeasePolicy policy) {
        againNs = TimeUnit.MILLISECONDS.toNanos(2 * policy.leaseTtlMs());
    }

    /** A view was installed, or an outage has begun or ended. */
    void restart() {
        due = true;
        restarted = true;
    }

    /** A read has come back. */
    void read(boolean complete, long nowNs) {
        if (complete) {
            due = false;
            if (restarted) {
                restarted = false;
                again = true;
                againAtNs = nowNs + againNs;
            }
        }
        if (again && nowNs - againAtNs >= 0) {
            again = false;
            due = !complete;
        }
    }

    boolean due() {
        return due;
    }
}
