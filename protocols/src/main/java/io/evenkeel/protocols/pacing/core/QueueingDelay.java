package io.evenkeel.protocols.pacing.core;

import java.util.Arrays;

/**
 * Queueing delay out of round trips: the smallest of late minus the smallest of a longer time, the base delay.
 *
 * <p>RFC 6817, section 2.4.2, keeps both histories: base delays in buckets of time, of which the oldest is dropped, so
 * that a new route counts after a while; and a minimum filter over the latest delays, two windows of them, as threads
 * that got no processor do not make a queue. It measures one way; we measure the round trip as LEDBAT++ does (section
 * 4.1): the clocks of two hosts drift by more than our target within the history, and the users wait for the round
 * trip.
 */
final class QueueingDelay {
    private static final int BUCKETS = 3;
    /** RFC 6817's CURRENT_FILTER: the probes of two windows. A queue delays them all, a late processor only some. */
    static final int FILTER = 4;

    private final long bucketNs;
    private final long[] baseNs = new long[BUCKETS];
    private final long[] latestNs = new long[FILTER];
    private final long[] latestInFlightBytes = new long[FILTER];
    private int samples;
    private long bucketSinceNs;

    /** Starts with no sample. */
    QueueingDelay(long historyNs, long nowNs) {
        bucketNs = historyNs / BUCKETS;
        reset(nowNs);
    }

    /** Forgets all. */
    void reset(long nowNs) {
        Arrays.fill(baseNs, Long.MAX_VALUE);
        bucketSinceNs = nowNs;
        forgetLatest();
    }

    /** Keeps only the base delay. */
    void forgetLatest() {
        samples = 0;
    }

    /**
     * Takes a sample.
     *
     * @param inFlightBytes what was under way when the probe went
     */
    void add(long roundTripNs, long inFlightBytes, long nowNs) {
        roll(nowNs);
        baseNs[0] = Math.min(baseNs[0], roundTripNs);
        latestNs[samples % FILTER] = roundTripNs;
        latestInFlightBytes[samples % FILTER] = inFlightBytes;
        samples++;
    }

    private void roll(long nowNs) {
        long rolls = Math.min((nowNs - bucketSinceNs) / bucketNs, BUCKETS);
        for (long i = 0; i < rolls; i++) {
            System.arraycopy(baseNs, 0, baseNs, 1, BUCKETS - 1);
            baseNs[0] = Long.MAX_VALUE;
        }
        bucketSinceNs += (nowNs - bucketSinceNs) / bucketNs * bucketNs;
    }

    /** The smallest round trip of the history; 0 without a sample. */
    long baseNs() {
        long min = Long.MAX_VALUE;
        for (long bucket : baseNs) {
            min = Math.min(min, bucket);
        }
        return min == Long.MAX_VALUE ? 0 : min;
    }

    /**
     * The smallest of the latest round trips, of those that had others of ours under way with them; 0 without a sample.
     *
     * <p>State comes in chunks, and the first part of each finds the queue empty: the smallest of all would see no
     * queue.
     */
    long currentNs() {
        long most = inFlightBytes();
        long min = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(samples, FILTER); i++) {
            if (2 * latestInFlightBytes[i] >= most) {
                min = Math.min(min, latestNs[i]);
            }
        }
        return samples == 0 ? 0 : min;
    }

    /** The most that was under way with one of the latest; what {@link #currentNs} is the delay of. */
    long inFlightBytes() {
        long most = 0;
        for (int i = 0; i < Math.min(samples, FILTER); i++) {
            most = Math.max(most, latestInFlightBytes[i]);
        }
        return most;
    }

    /** The time that queues add to a round trip; 0 without a sample, never negative. */
    long queueingNs() {
        return Math.max(0, currentNs() - baseNs());
    }
}
