package io.evenkeel.protocols.pace.core;

/**
 * The share of its time that a thread which handles bulk may use a processor; it rests for the remainder.
 *
 * <p>The users' scheduling latency steers it, between a floor and a cap, as that of Go's scheduler steers the background work of
 * CockroachDB (its {@code elastic_cpu_granter}). The latency is that of the bulk's own threads, which wait in the run queues where the
 * users' threads wait. A quota that throttles the process, and a heap that is collected for a large part of the time, count like it.
 *
 * <p>It falls by a fifth and rises by a twentieth of a processor for each interval: a transfer lasts seconds, not hours. The floor
 * is half, so that a transfer takes at most twice the time for its processor work: what makes processors short may be another process,
 * which gains little by bulk that rests.
 */
public final class ProcessorShare {
    /** What is judged at once: some time slices, few messages of bulk. */
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

    /**
     * What happened in an interval.
     *
     * @param lengthNs of the interval
     * @param waitNs for which the bulk's threads were ready to run and had no processor
     * @param slices in which they ran; 0 or more
     * @param throttledNs for which a quota kept the process from running
     * @param collectedNs of garbage collection
     */
    public record Interval(long lengthNs, long waitNs, long slices, long throttledNs, long collectedNs) {
        boolean isProcessorShort() {
            return waitNs > TARGET_WAIT_NS * Math.max(1, slices)
                    || throttledNs > THROTTLED_LIMIT * lengthNs
                    || collectedNs > COLLECTED_LIMIT * lengthNs;
        }
    }

    private double share = CAP;

    /** An interval is over. */
    public void onInterval(Interval interval) {
        share = interval.isProcessorShort() ? Math.max(FLOOR, share * DECREASE) : Math.min(CAP, share + INCREASE);
    }

    /** How long a thread is to rest that has used a processor for so long. */
    public long restNs(long usedNs) {
        return Math.min(MAX_REST_NS, (long) (usedNs * (1 / share - 1)));
    }

    /** From the floor to 1. */
    public double share() {
        return share;
    }
}
