package io.evenkeel.it.bench.restart;

/**
 * A node's restart, by times of {@link System#nanoTime}.
 *
 * @param stopNs the stop was asked for
 * @param readyNs the node is ready again
 * @param settledNs it is ready and no cache has entries on the move any more
 * @param lostSessions user sessions that were there before and are not after it
 * @param lostClientSessions the same of client sessions
 * @param graceful whether the stop ended by itself
 */
record Restart(
        String node,
        long stopNs,
        long readyNs,
        long settledNs,
        long lostSessions,
        long lostClientSessions,
        boolean graceful) {
    private static final double NS_PER_S = 1e9;

    double stopToReadyS() {
        return (readyNs - stopNs) / NS_PER_S;
    }

    double stopToSettledS() {
        return (settledNs - stopNs) / NS_PER_S;
    }

    long lost() {
        return Math.max(0, lostSessions) + Math.max(0, lostClientSessions);
    }
}
