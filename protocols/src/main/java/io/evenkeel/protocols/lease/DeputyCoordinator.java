package io.evenkeel.protocols.lease;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deputy of a coordinator whose row does not beat: a member that watches the whole table in its place.
 *
 * <p>The second in view order does so as soon as the row is overdue; by renewing the row it keeps the others, who wait
 * for two more heartbeats, from doing the same: a table of N rows is not read by N members. A deputy goes on for two
 * leases after the row was overdue last, since its own renewals make the row look well.
 *
 * <p>Single writer, not thread-safe.
 */
final class DeputyCoordinator {
    private final LeasePolicy policy;
    private final LeaseIdentity me;
    private final LeaseObserver observer;
    private boolean overdue;
    private long overdueSinceNs;
    private boolean active;
    private long lastNeededNs;

    DeputyCoordinator(LeasePolicy policy, LeaseIdentity me, LeaseObserver observer) {
        this.policy = policy;
        this.me = me;
        this.observer = observer;
    }

    void viewChanged() {
        overdue = false;
        active = false;
    }

    /** @param row the coordinator's as last read, null if it is gone */
    void observe(ViewInfo view, @Nullable LeaseRow row, long nowNs) {
        boolean was = overdue;
        overdue = row == null || observer.unchangedMs(row) > policy.overdueMs(row);
        if (!overdue) {
            active &= nowNs - lastNeededNs < TimeUnit.MILLISECONDS.toNanos(2 * policy.leaseTtlMs());
            return;
        }
        if (!was) {
            overdueSinceNs = nowNs;
        }
        long patienceMs = isSecond(view) ? 0 : 2 * policy.heartbeatIntervalMs();
        if (active || nowNs - overdueSinceNs >= TimeUnit.MILLISECONDS.toNanos(patienceMs)) {
            active = true;
            lastNeededNs = nowNs;
        }
    }

    boolean active() {
        return active;
    }

    private boolean isSecond(ViewInfo view) {
        Iterator<String> members = view.members().iterator();
        members.next();
        return members.hasNext() && members.next().equals(me.address());
    }
}
