package io.evenkeel.protocols.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Remembers since when each row's beat has been seen unchanged by this process, by its own monotonic clock.
 *
 * <p>A stored time says nothing by itself: clocks jump, databases fail over. Like Kubernetes' leader election this trusts
 * only a change that it watched. While it cannot watch (a failed read, a long pause of this process) nothing is learned, so
 * every observation starts anew afterwards; members then have a whole lease to beat again after an outage of the database.
 *
 * <p>Single writer, not thread-safe.
 */
public final class LeaseObserver {
    private final LeasePolicy policy;
    private final Map<String, Sight> sights = new HashMap<>();
    private long lastSentNs;
    private long lastReceivedNs;
    private boolean watching;

    /**
     * Has seen nothing yet.
     *
     * @param policy the lease and the greatest gap between reads
     */
    public LeaseObserver(LeasePolicy policy) {
        this.policy = policy;
    }

    /** Takes in a snapshot; snapshots come in the order they were taken. */
    public void observe(Snapshot snapshot) {
        boolean continued = watching
                && snapshot.receivedNs() - lastReceivedNs <= TimeUnit.MILLISECONDS.toNanos(policy.maxReadGapMs());
        sights.keySet().retainAll(snapshot.rows().keySet());
        snapshot.rows().forEach((address, row) -> {
            Sight seen = sights.get(address);
            if (seen == null || seen.incarnation != row.incarnation()) {
                sights.put(address, new Sight(row, snapshot.receivedNs()));
            } else if (seen.beat != row.beat()) {
                seen.beat = row.beat();
                seen.changed = true;
                seen.sinceNs = snapshot.receivedNs();
            } else if (!continued) {
                seen.sinceNs = snapshot.receivedNs();
            }
        });
        lastSentNs = snapshot.sentNs();
        lastReceivedNs = snapshot.receivedNs();
        watching = true;
    }

    /** A read failed: what happened in the table meanwhile is unknown. */
    public void interrupted() {
        watching = false;
    }

    /**
     * How long the row has been watched without a change: from the answer that first showed this beat to the sending of the
     * last read, so never more than is certain. 0 for a row that was not in the last snapshot.
     */
    public long unchangedMs(LeaseRow row) {
        Sight seen = sights.get(row.address());
        if (seen == null || seen.incarnation != row.incarnation() || seen.beat != row.beat()) {
            return 0;
        }
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(lastSentNs - seen.sinceNs));
    }

    /**
     * The only way to be dead without being asked: past its lease by the database's clock, and watched unchanged over a lease.
     * A negative age means that the database's clock was set back; then the watching alone decides.
     */
    public boolean expired(LeaseRow row) {
        long leaseMs = policy.leaseMsOf(row);
        return (row.ageMs() > leaseMs || row.ageMs() < 0) && unchangedMs(row) > leaseMs;
    }

    /** Whether the beat changed under our own eyes, the last time no longer than a lease ago. */
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
        private boolean changed;

        private Sight(LeaseRow row, long sinceNs) {
            this.incarnation = row.incarnation();
            this.beat = row.beat();
            this.sinceNs = sinceNs;
        }
    }
}
