package io.evenkeel.it.bench.restart;

/** A time in which a node's JVM stood still to collect garbage, in terms of {@link System#nanoTime}. */
record GcPause(String node, long fromNs, long toNs) {
    private static final double NS_PER_MS = 1e6;

    double ms() {
        return (toNs - fromNs) / NS_PER_MS;
    }
}
