package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.ProcessorShare;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The pressure on this member's processors, quota and heap, and the rests of the threads that handle bulk, as long as
 * {@link ProcessorShare} says by what the system tells.
 *
 * <p>A thread that asks ends an interval that is over, so nothing runs while there is no bulk.
 */
public final class PressureMeter {
    private static final double PERCENT = 100;

    private final ProcessorSources sources;
    private final ProcessorShare share = new ProcessorShare();
    private long sinceNs = System.nanoTime();
    private long waitNs;
    private long slices;
    private long throttledNs;
    private long collectedNs;
    private long restedNs;

    /** Measures the system that it runs on. */
    public PressureMeter() {
        this(new ProcessorSources());
    }

    /** Measures by the files of another system, of the same form. */
    public PressureMeter(Path proc, Path cgroup) {
        this(new ProcessorSources(proc, cgroup));
    }

    private PressureMeter(ProcessorSources sources) {
        this.sources = sources;
        throttledNs = sources.throttledNs();
        collectedNs = sources.collectedNs();
    }

    /** The pressure on this member, not older than an interval. */
    public synchronized Pressure pressure() {
        endIntervalIfOver(System.nanoTime());
        return share.pressure();
    }

    /** A tick was late, which stands for a wait where the system tells of none. */
    synchronized void onTick(long lateNs) {
        if (!sources.tellsWaits()) {
            waitNs += Math.max(0, lateNs);
            slices++;
        }
    }

    /** To be asked before a message is handled, by the thread that handles it. */
    ProcessorSources.ThreadTimes begin() {
        return sources.thread();
    }

    /**
     * A message has been handled, from those times on: the thread rests for as long as it is to. An interrupt ends the
     * rest.
     */
    void rest(ProcessorSources.ThreadTimes before) {
        LockSupport.parkNanos(restNs(before, sources.thread(), System.nanoTime()));
    }

    private synchronized long restNs(
            ProcessorSources.ThreadTimes before, ProcessorSources.ThreadTimes after, long nowNs) {
        waitNs += after.waitNs() - before.waitNs();
        slices += after.slices() - before.slices();
        endIntervalIfOver(nowNs);
        long restNs = share.restNs(after.usedNs() - before.usedNs());
        restedNs += restNs;
        return restNs;
    }

    private void endIntervalIfOver(long nowNs) {
        if (nowNs - sinceNs < ProcessorShare.INTERVAL_NS) {
            return;
        }
        long throttledNowNs = sources.throttledNs();
        long collectedNowNs = sources.collectedNs();
        share.onInterval(new ProcessorShare.Interval(
                nowNs - sinceNs,
                waitNs,
                slices,
                throttledNowNs - throttledNs,
                collectedNowNs - collectedNs,
                sources.heapShare()));
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
