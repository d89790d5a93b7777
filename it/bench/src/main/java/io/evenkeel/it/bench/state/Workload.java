package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.grid.GridLoad;

/**
 * The contents of the caches and the work of the users.
 *
 * @param caches how many, each with two owners
 * @param share of the entries a cache that the command line names
 * @param bytes of a value
 * @param ratePerS requests of each of the three nodes that stay; 0 for none
 */
record Workload(int caches, double share, int bytes, int ratePerS) {
    private static final int PUT_PERCENT = 20;

    /** Two caches with entries of 1 KiB, 300 requests/s a node. */
    static final Workload USUAL = new Workload(2, 1, 1024, 300);

    Workload withCaches(int count, double newShare) {
        return new Workload(count, newShare, bytes, ratePerS);
    }

    Workload withEntries(int newBytes, double newShare) {
        return new Workload(caches, newShare, newBytes, ratePerS);
    }

    Workload withRate(int newRatePerS) {
        return new Workload(caches, share, bytes, newRatePerS);
    }

    boolean hasForeground() {
        return ratePerS > 0;
    }

    /** Entries in each cache. */
    int entries(int baseEntries) {
        return Math.max(1, (int) Math.round(baseEntries * share));
    }

    GridLoad load(int baseEntries) {
        return new GridLoad(ratePerS, PUT_PERCENT, entries(baseEntries), bytes);
    }
}
