package io.evenkeel.protocols.pacing.core;

import java.util.concurrent.TimeUnit;

/**
 * The delay that bulk may cause, and its answer to it. Every value is checked, alone and against the others.
 *
 * @param targetDelayNs queueing delay that bulk may add to a round trip; RFC 6817, section 2.4.2, allows up to 100 ms
 * @param floorBytes the window never shrinks below; what a destination always gets, so that no transfer starves
 * @param capBytes the window never grows beyond, however fast the link
 * @param gain growth of the window per round trip at no delay, as a share of the window
 * @param decrease the largest share of the window taken away per round trip
 * @param baseHistoryNs how far back the smallest round trip counts as the one without queueing
 * @param slowdownIntervalNs a flow that is never idle drains its own queue this often to see the base delay
 * @param probeIntervalNs the longest time between two probes while something is under way
 * @param probeTimeoutNs silence after which the window is halved, and five times which a probe is taken for lost
 * @param maxWaitNs a message that waited this long goes, window or not
 * @param maxQueueBytes bytes that may wait for one destination
 */
public record PacingPolicy(
        long targetDelayNs,
        int floorBytes,
        int capBytes,
        double gain,
        double decrease,
        long baseHistoryNs,
        long slowdownIntervalNs,
        long probeIntervalNs,
        long probeTimeoutNs,
        long maxWaitNs,
        long maxQueueBytes) {

    /**
     * No fragment is smaller: below it headers and wake-ups cost more than the link, most of all while a JVM starts.
     */
    public static final int MIN_FRAGMENT_BYTES = 8_192;

    /** No fragment is larger: half a bundle of JGroups (64k), so that foreground bundled with it leaves soon. */
    public static final int MAX_FRAGMENT_BYTES = 32_768;

    private static final int MIN_FLOOR_BYTES = MIN_FRAGMENT_BYTES;
    private static final int MAX_CAP_BYTES = 256 << 20;
    private static final long MIN_TARGET_NS = 100_000;
    private static final long MAX_TARGET_NS = 100_000_000;
    private static final long MAX_WAIT_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int TIMEOUTS_IN_A_WAIT = 4;
    private static final int SLOWDOWNS_IN_HISTORY = 2;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the attribute of the stack, its value and the limit
     */
    public PacingPolicy {
        require(
                "target_delay_us",
                micros(targetDelayNs),
                targetDelayNs >= MIN_TARGET_NS && targetDelayNs <= MAX_TARGET_NS,
                "be from " + micros(MIN_TARGET_NS) + " to " + micros(MAX_TARGET_NS));
        require("floor", floorBytes, floorBytes >= MIN_FLOOR_BYTES, "be >= " + MIN_FLOOR_BYTES);
        require("cap", capBytes, capBytes >= floorBytes, "be >= floor = " + floorBytes);
        require("cap", capBytes, capBytes <= MAX_CAP_BYTES, "be <= " + MAX_CAP_BYTES);
        require("gain", gain, gain > 0 && gain <= 1, "be > 0 and <= 1");
        require("decrease", decrease, decrease > 0 && decrease < 1, "be > 0 and < 1");
        require(
                "probe_interval",
                millis(probeIntervalNs),
                probeIntervalNs > targetDelayNs,
                "be > target_delay_us = " + micros(targetDelayNs));
        require(
                "probe_timeout",
                millis(probeTimeoutNs),
                probeTimeoutNs >= probeIntervalNs,
                "be >= probe_interval = " + millis(probeIntervalNs));
        require(
                "slowdown_interval",
                millis(slowdownIntervalNs),
                slowdownIntervalNs >= probeTimeoutNs,
                "be >= probe_timeout = " + millis(probeTimeoutNs));
        require(
                "base_history",
                millis(baseHistoryNs),
                baseHistoryNs >= SLOWDOWNS_IN_HISTORY * slowdownIntervalNs,
                "be >= 2*slowdown_interval = " + millis(SLOWDOWNS_IN_HISTORY * slowdownIntervalNs));
        require(
                "max_wait",
                millis(maxWaitNs),
                maxWaitNs >= TIMEOUTS_IN_A_WAIT * probeTimeoutNs,
                "be >= 4*probe_timeout = " + millis(TIMEOUTS_IN_A_WAIT * probeTimeoutNs));
        // Infinispan gives a chunk 240 s; what is held back must leave it most of that.
        require("max_wait", millis(maxWaitNs), maxWaitNs <= MAX_WAIT_LIMIT_NS, "be <= " + millis(MAX_WAIT_LIMIT_NS));
        require("max_queue", maxQueueBytes, maxQueueBytes >= capBytes, "be >= cap = " + capBytes);
    }

    /** The values that the stacks use, those that the measurements in docs/benchmarks were made with. */
    public static PacingPolicy defaults() {
        return new PacingPolicy(
                TimeUnit.MICROSECONDS.toNanos(1_500),
                16_384,
                4 << 20,
                0.25,
                0.3,
                TimeUnit.SECONDS.toNanos(15),
                TimeUnit.SECONDS.toNanos(5),
                TimeUnit.MILLISECONDS.toNanos(100),
                TimeUnit.MILLISECONDS.toNanos(200),
                TimeUnit.SECONDS.toNanos(20),
                64L << 20);
    }

    private static void require(String attribute, Object value, boolean holds, String limit) {
        if (!holds) {
            throw new IllegalArgumentException(attribute + "=" + value + " must " + limit);
        }
    }

    private static long micros(long ns) {
        return TimeUnit.NANOSECONDS.toMicros(ns);
    }

    private static long millis(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }
}
