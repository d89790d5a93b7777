package io.evenkeel.protocols.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Remembers since when each row's beat has been seen unchanged by this process, by its own monotonic clock.
 *
 * <p>A stored time says nothing by itself: clocks jump, databases fail over. Like Kubernetes' leader election this
 * trusts only a change that it watched. While it cannot watch (a failed read, a long pause of this process) nothing is
 * learned, so every observation starts anew afterwards; members then have a whole lease to beat again after an outage
 * of the database.
 *
 * <p>Single writer, not thread-safe.
 */
public final class LeaseObserver {
    private final LeasePolicy policy;
    private final Map<String, Sight> sights = new HashMap<>();
    private long outages;

    /**
     * Has seen nothing yet.
     *
     * @param policy the lease and the greatest gap between reads
     */
    public LeaseObserver(LeasePolicy policy) {
        this.policy = policy;
    }

    /**
     * Takes in a snapshot; snapshots come in the order they were taken. A row is watched only by the reads that hold
     * it: one that comes up again after a gap is watched from then on.
     */
    public void observe(Snapshot snapshot) {
        if (snapshot.complete()) {
            sights.keySet().retainAll(snapshot.rows().keySet());
        }
        snapshot.rows().forEach((address, row) -> {
            Sight seen = sights.get(address);
            if (seen == null || seen.incarnation != row.incarnation()) {
                seen = new Sight(row, snapshot.receivedNs());
                sights.put(address, seen);
            } else {
                boolean continued = seen.outages == outages
                        && snapshot.receivedNs() - seen.lastReceivedNs
                                <= TimeUnit.MILLISECONDS.toNanos(policy.maxReadGapMs());
                seen.again(row, continued, snapshot.receivedNs());
            }
            seen.lastSentNs = snapshot.sentNs();
            seen.lastReceivedNs = snapshot.receivedNs();
            seen.outages = outages;
        });
    }

    /** A read failed: what happened in the table meanwhile is unknown. */
    public void interrupted() {
        outages++;
    }

    /**
     * True if the table has failed us at all. It may then have failed the others too, and they may not have beaten
     * since.
     */
    boolean sawOutage() {
        return outages > 0;
    }

    /**
     * The time for which the row has been watched without a change: from the answer that first showed this beat to the
     * sending of the last read that held it, so never more than is certain. 0 for a row that was in none.
     */
    public long unchangedMs(LeaseRow row) {
        Sight seen = sights.get(row.address());
        if (seen == null || seen.incarnation != row.incarnation() || seen.beat != row.beat()) {
            return 0;
        }
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(seen.lastSentNs - seen.sinceNs));
    }

    /**
     * The only way to be dead without being asked: watched unchanged over a lease. The row's age by the database's
     * clock adds nothing to that: it can only be less if that clock was set back, and then the row would outlive its
     * member.
     */
    public boolean expired(LeaseRow row) {
        return unchangedMs(row) > policy.leaseMsOf(row);
    }

    /** True if the beat changed while this member watched, the last time no longer than a lease ago. */
    public boolean beating(LeaseRow row) {
        Sight seen = sights.get(row.address());
        return seen != null
                && seen.incarnation == row.incarnation()
                && seen.changed
                && unchangedMs(row) <= policy.leaseMsOf(row);
    }

    private static final class Sight {
        private final long incarnation;
        private long beat;
        private long sinceNs;
        private long lastSentNs;
        private long lastReceivedNs;
        private long outages;
        private boolean changed;

        private Sight(LeaseRow row, long sinceNs) {
            this.incarnation = row.incarnation();
            this.beat = row.beat();
            this.sinceNs = sinceNs;
        }

        /** A change that was not watched says that the row beat once, not that it still does. */
        private void again(LeaseRow row, boolean continued, long nowNs) {
            boolean same = beat == row.beat();
            changed |= !same && continued;
            if (!same || !continued) {
                sinceNs = nowNs;
            }
            beat = row.beat();
        }
    }
}
