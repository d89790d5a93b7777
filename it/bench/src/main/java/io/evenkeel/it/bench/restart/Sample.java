package io.evenkeel.it.bench.restart;

/**
 * A request of the load.
 *
 * @param intendedNs when it ought to have started, as {@link System#nanoTime} counts
 * @param latencyNs from then to the answer
 * @param node that was asked
 * @param failure why it counts as failed; null if it did not fail
 */
record Sample(long intendedNs, long latencyNs, String node, String failure) {
    boolean failed() {
        return failure != null;
    }
}
