package io.evenkeel.protocols.lease.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Notices that this process was stopped for longer than a lease: by SIGSTOP, a suspended machine, a collection of
 * garbage. The others may have gone on without it, and nothing in its memory says so. Until the lease table has been
 * read again it does not know whether it should serve users.
 *
 * <p>A timer ticks; an outage of the database does not keep it from that. For any thread.
 */
public final class PauseDetector {
    private final long limitNs;
    private final AtomicReference<Pause> unverified = new AtomicReference<>();
    private volatile boolean ticking;
    private volatile long tickNs;

    private record Pause(long lengthNs, long endNs) {}

    /**
     * Knows of no pause before the second tick.
     *
     * @param limitMs the longest time between two ticks that is no pause
     */
    public PauseDetector(long limitMs) {
        limitNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
    }

    /**
     * The process runs; called well more often than the limit.
     *
     * @return whether it was stopped before
     */
    public boolean tick(long nowNs) {
        long gapNs = nowNs - tickNs;
        boolean stopped = ticking && gapNs > limitNs;
        if (stopped) {
            unverified.set(new Pause(gapNs, nowNs));
        }
        tickNs = nowNs;
        ticking = true;
        return stopped;
    }

    /** The table has been read, all rows, and what is in it is known. */
    public void verified(long sentNs) {
        Pause pause = unverified.get();
        if (pause != null && sentNs - pause.endNs >= 0) {
            unverified.compareAndSet(pause, null);
        }
    }

    /**
     * Length of a pause after which the table has not been read yet, also of one that no tick has ended yet; else 0.
     */
    public long unverifiedMs(long nowNs) {
        Pause pause = unverified.get();
        if (pause != null) {
            return TimeUnit.NANOSECONDS.toMillis(pause.lengthNs);
        }
        long gapNs = nowNs - tickNs;
        return ticking && gapNs > limitNs ? TimeUnit.NANOSECONDS.toMillis(gapNs) : 0;
    }
}
