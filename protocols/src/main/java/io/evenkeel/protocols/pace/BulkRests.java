package io.evenkeel.protocols.pace;

import io.evenkeel.protocols.pace.core.ProcessorShare;
import java.util.concurrent.locks.LockSupport;

/** The rests of the threads that handle bulk, as long as {@link ProcessorShare} says by what the system tells of processors. */
final class BulkRests {
    private static final double PERCENT = 100;

    private final ProcessorSources sources;
    private final ProcessorShare share = new ProcessorShare();
    private long sinceNs = System.nanoTime();
    private long waitNs;
    private long slices;
    private long throttledNs;
    private long collectedNs;
    private long restedNs;

    BulkRests(ProcessorSources sources) {
        this.sources = sources;
        throttledNs = sources.throttledNs();
        collectedNs = sources.collectedNs();
    }

    /** To be asked before a message is handled, by the thread that handles it. */
    ProcessorSources.ThreadTimes begin() {
        return sources.thread();
    }

    /** A message has been handled, from those times on: the thread rests for as long as it is to. An interrupt ends the rest. */
    void rest(ProcessorSources.ThreadTimes before) {
        LockSupport.parkNanos(restNs(before, sources.thread(), System.nanoTime()));
    }

    private synchronized long restNs(
            ProcessorSources.ThreadTimes before, ProcessorSources.ThreadTimes after, long nowNs) {
        waitNs += after.waitNs() - before.waitNs();
        slices += after.slices() - before.slices();
        if (nowNs - sinceNs >= ProcessorShare.INTERVAL_NS) {
            endInterval(nowNs);
        }
        long restNs = share.restNs(after.usedNs() - before.usedNs());
        restedNs += restNs;
        return restNs;
    }

    private void endInterval(long nowNs) {
        long throttledNowNs = sources.throttledNs();
        long collectedNowNs = sources.collectedNs();
        share.onInterval(new ProcessorShare.Interval(
                nowNs - sinceNs, waitNs, slices, throttledNowNs - throttledNs, collectedNowNs - collectedNs));
        throttledNs = throttledNowNs;
        collectedNs = collectedNowNs;
        waitNs = 0;
        slices = 0;
        sinceNs = nowNs;
    }

    synchronized int sharePercent() {
        return (int) Math.round(share.share() * PERCENT);
    }

    synchronized long restedNs() {
        return restedNs;
    }

    synchronized void resetStats() {
        restedNs = 0;
    }
}
