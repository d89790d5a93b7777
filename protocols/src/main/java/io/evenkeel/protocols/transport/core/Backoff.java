package io.evenkeel.protocols.transport.core;

/**
 * The wait before the next attempt to connect: doubling from a minimum to a maximum, half of it random, so that
 * the members that lost a peer together do not come back together.
 *
 * @param minMs the wait after the first failure, at least 1
 * @param maxMs the longest wait, at least the minimum
 */
public record Backoff(long minMs, long maxMs) {
    public Backoff {
        if (minMs < 1) {
            throw new IllegalArgumentException("reconnect_backoff_min=" + minMs + " must be >= 1 ms");
        }
        if (maxMs < minMs) {
            throw new IllegalArgumentException(
                    "reconnect_backoff_max=" + maxMs + " must be >= reconnect_backoff_min=" + minMs);
        }
    }

    /**
     * The wait before the next attempt.
     *
     * @param failures failures in a row, at least 1
     * @param random from 0 (inclusive) to 1 (exclusive)
     * @return milliseconds, from half the nominal wait up to the nominal wait
     */
    public long delayMs(int failures, double random) {
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(minMs) - 1);
        long nominalMs = Math.min(maxMs, minMs << doublings);
        return nominalMs - (long) (random * (nominalMs - (nominalMs + 1) / 2));
    }
}
