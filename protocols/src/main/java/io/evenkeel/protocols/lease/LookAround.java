package io.evenkeel.protocols.lease;

import java.util.concurrent.TimeUnit;

/**
 * When a member that otherwise reads the coordinators' rows alone has to read all: after a new view or an outage, for
 * who has come, and once more two leases later, when the rows of those who have died are gone. Between the two it would
 * go on telling its transport and MERGE3 of the dead.
 *
 * <p>Single writer, not thread-safe.
 */
final class LookAround {
    private final long againNs;
    private boolean due = true;
    private boolean news = true;
    private boolean again;
    private long againAtNs;

    LookAround(LeasePolicy policy) {
        againNs = TimeUnit.MILLISECONDS.toNanos(2 * policy.leaseTtlMs());
    }

    /** A view was installed, or an outage has begun or ended. */
    void news() {
        due = true;
        news = true;
    }

    /** A read has come back. */
    void read(boolean complete, long nowNs) {
        if (complete) {
            due = false;
            if (news) {
                news = false;
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
