package io.evenkeel.it.bench.restart;

import java.util.Optional;

/**
 * A span of time, from inclusive to exclusive, as {@link System#nanoTime} counts.
 *
 * @param absent the node that was on its way down or up in it; empty if all were there
 * @param startingCpuS CPU time of the JVM that was starting in it; not a number where none was
 */
record Window(Phase phase, long fromNs, long toNs, Optional<String> absent, double startingCpuS) {
    private static final double NS_PER_S = 1e9;

    Window {
        if (toNs < fromNs) {
            throw new IllegalArgumentException(phase + " ends " + (fromNs - toNs) + " ns before it begins");
        }
    }

    /** True if the request was one that a cluster without the absent node had to bear then. */
    boolean holds(Sample sample) {
        return sample.intendedNs() >= fromNs
                && sample.intendedNs() < toNs
                && absent.filter(sample.node()::equals).isEmpty();
    }

    /** True if the request was one to the absent node, which was there again then. */
    boolean holdsOfAbsent(Sample sample) {
        return sample.intendedNs() >= fromNs
                && sample.intendedNs() < toNs
                && absent.filter(sample.node()::equals).isPresent();
    }

    /** True if a node that had to bear the cluster's requests then stood still in a part of it. */
    boolean holds(GcPause pause) {
        return pause.toNs() > fromNs
                && pause.fromNs() < toNs
                && absent.filter(pause.node()::equals).isEmpty();
    }

    double seconds() {
        return (toNs - fromNs) / NS_PER_S;
    }
}
