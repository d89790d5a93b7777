package io.evenkeel.protocols.pacing.core;

import io.evenkeel.protocols.pacing.core.Pressure.Shortage;
import java.util.EnumSet;
import java.util.Set;

/**
 * The share of its time that a thread which handles bulk may use a processor; it rests for the remainder.
 *
 * <p>The users' scheduling latency steers it, between a floor and a cap, as that of Go's scheduler steers the
 * background work of CockroachDB ({@code scheduler_latency_listener} and {@code elastic_cpu_granter}). The latency is
 * that of the bulk's own threads, which wait in the run queues where the users' threads wait. A quota that throttles
 * the process, and a heap that is collected for a large part of the time or nearly full after a collection, count like
 * it.
 *
 * <p>CockroachDB lets the p99 be 1 ms, adds 0.1 % of the processors a second, and takes away twice that; its background
 * work lasts for hours. A transfer lasts seconds: the share falls by a fifth and rises by a twentieth for each
 * interval. The floor is half, so that a transfer takes at most twice the time for its processor work.
 */
public final class ProcessorShare {
    /** The length of what is judged at once: some time slices, few messages of bulk. */
    public static final long INTERVAL_NS = 100_000_000L;

    /** The wait for a processor, per time slice, that is still taken for none: less than a slice of another thread. */
    static final long TARGET_WAIT_NS = 2_000_000L;

    /** No rest is longer, whatever a message took. */
    static final long MAX_REST_NS = 100_000_000L;

    static final double FLOOR = 0.5;
    private static final double CAP = 1;
    private static final double DECREASE = 0.8;
    private static final double INCREASE = 0.05;
    private static final double THROTTLED_LIMIT = 0.05;
    private static final double COLLECTED_LIMIT = 0.2;
    private static final double HEAP_LIMIT = 0.9;
    private static final double PERCENT = 100;

    /**
     * The measurements of an interval.
     *
     * @param lengthNs of the interval
     * @param waitNs for which the bulk's threads were ready to run and had no processor
     * @param slices in which they ran; 0 or more
     * @param throttledNs for which a quota kept the process from running
     * @param collectedNs of garbage collection
     * @param heapShare of the heap that was in use after the last collection, from 0 to 1
     */
    public record Interval(
            long lengthNs, long waitNs, long slices, long throttledNs, long collectedNs, double heapShare) {
        Set<Shortage> shortages() {
            Set<Shortage> shortages = EnumSet.noneOf(Shortage.class);
            if (waitNs > TARGET_WAIT_NS * Math.max(1, slices)) {
                shortages.add(Shortage.PROCESSOR);
            }
            if (throttledNs > THROTTLED_LIMIT * lengthNs) {
                shortages.add(Shortage.QUOTA);
            }
            if (collectedNs > COLLECTED_LIMIT * lengthNs || heapShare > HEAP_LIMIT) {
                shortages.add(Shortage.HEAP);
            }
            return shortages;
        }
    }

    private double share = CAP;
    private Pressure pressure = Pressure.NONE;

    /**
     * An interval is over. One that is long, as nothing asked meanwhile, counts as one shortage or as many recoveries.
     */
    public void onInterval(Interval interval) {
        Set<Shortage> shortages = interval.shortages();
        share = shortages.isEmpty()
                ? Math.min(CAP, share + INCREASE * Math.max(1, (double) interval.lengthNs() / INTERVAL_NS))
                : Math.max(FLOOR, share * DECREASE);
        pressure = new Pressure((int) Math.round(share * PERCENT), shortages);
    }

    /** The time that a thread is to rest after it has used a processor for so long. */
    public long restNs(long usedNs) {
        return Math.min(MAX_REST_NS, (long) (usedNs * (1 / share - 1)));
    }

    /** From the floor to 1. */
    public double share() {
        return share;
    }

    /** The pressure to tell the others. */
    public Pressure pressure() {
        return pressure;
    }
}
