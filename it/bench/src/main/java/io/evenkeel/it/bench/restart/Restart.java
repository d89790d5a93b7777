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
 * @param receivedBytes of all messages that all nodes received meanwhile
 */
record Restart(
        String node,
        long stopNs,
        long readyNs,
        long settledNs,
        long lostSessions,
        long lostClientSessions,
        boolean graceful,
        long receivedBytes) {
    private static final double NS_PER_S = 1e9;
    private static final double BYTES_PER_MB = 1e6;

    double stopToReadyS() {
        return (readyNs - stopNs) / NS_PER_S;
    }

    double stopToSettledS() {
        return (settledNs - stopNs) / NS_PER_S;
    }

    double receivedMb() {
        return receivedBytes / BYTES_PER_MB;
    }

    long lost() {
        return Math.max(0, lostSessions) + Math.max(0, lostClientSessions);
    }
}
