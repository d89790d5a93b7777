package io.evenkeel.protocols.lease.agent;

import java.util.concurrent.atomic.AtomicLong;

/** Counters of the agent, written by its thread and readable by any. Times by {@link System#nanoTime}. */
public final class LeaseStats {
    final AtomicLong beats = new AtomicLong();
    final AtomicLong renewals = new AtomicLong();
    final AtomicLong evictions = new AtomicLong();
    final AtomicLong refusedEvictions = new AtomicLong();
    final AtomicLong reentries = new AtomicLong();
    final AtomicLong databaseErrors = new AtomicLong();
    final AtomicLong merges = new AtomicLong();
    final AtomicLong fullReads = new AtomicLong();
    final AtomicLong rowsRead = new AtomicLong();
    volatile long foreignRows;
    volatile long beatLatencyNs;
    volatile long beatSentNs;
    volatile long expiredRows;

    public long beats() {
        return beats.get();
    }

    public long renewals() {
        return renewals.get();
    }

    public long evictions() {
        return evictions.get();
    }

    public long refusedEvictions() {
        return refusedEvictions.get();
    }

    public long reentries() {
        return reentries.get();
    }

    public long databaseErrors() {
        return databaseErrors.get();
    }

    public long merges() {
        return merges.get();
    }

    public long fullReads() {
        return fullReads.get();
    }

    public long rowsRead() {
        return rowsRead.get();
    }

    public long foreignRows() {
        return foreignRows;
    }

    public long expiredRows() {
        return expiredRows;
    }

    public long beatLatencyNs() {
        return beatLatencyNs;
    }

    /** The time at which the last beat that arrived was sent; 0 if none has. */
    public long beatSentNs() {
        return beatSentNs;
    }
}
