package io.evenkeel.it.member;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Recorder;

/**
 * A load that starts operations at a steady rate, whatever became of those before, and takes their times from when they
 * ought to have started: a stall costs every operation that it holds up, not only the first (coordinated omission).
 */
public final class OpenLoop {
    private static final long POLL_MS = 5;
    /** Not counted by each load anew: an answer that comes too late must not be taken for one of the next load. */
    private static final AtomicLong IDS = new AtomicLong();

    private final Recorder timesNs = new Recorder(3);
    private final Map<Long, Long> intendedNsById = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /** Starts an operation; its end is told to {@link #ended}. */
    @FunctionalInterface
    public interface Operation {
        void start(long id) throws Exception;
    }

    /** Starts operations for so long; may be called by several threads at once, each with its rate. */
    public void run(double ratePerS, long durationMs, Operation operation) throws Exception {
        long count = (long) (ratePerS * durationMs / 1000);
        Pace.run(ratePerS, started -> started < count && !stopped, intendedNs -> {
            long id = IDS.incrementAndGet();
            intendedNsById.put(id, intendedNs);
            operation.start(id);
        });
    }

    /** Starts no more operations, in all threads that run it. Any thread. */
    public void stop() {
        stopped = true;
    }

    /** Returns what has ended since the load began or was last cut; what is under way falls to the next. Any thread. */
    public RoundTrips cut() {
        return new RoundTrips(timesNs.getIntervalHistogram(), 0);
    }

    /** Takes the time of an operation; nothing happens the second time. Any thread. */
    public void ended(long id) {
        Long intendedNs = intendedNsById.remove(id);
        if (intendedNs != null) {
            timesNs.recordValue(Math.max(0, System.nanoTime() - intendedNs));
        }
    }

    /** Waits until all have ended, so long at most, and returns what was measured. */
    public RoundTrips finish(long boundMs) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMs);
        while (!intendedNsById.isEmpty() && System.nanoTime() - endNs < 0) {
            Thread.sleep(POLL_MS);
        }
        long unanswered = intendedNsById.size();
        intendedNsById.keySet().forEach(this::ended);
        return new RoundTrips(timesNs.getIntervalHistogram(), unanswered);
    }
}
