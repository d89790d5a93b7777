package io.evenkeel.it.bench.restart;

import java.time.Duration;

/**
 * How large the benchmark is.
 *
 * @param sessions user sessions, each with a client session, over all nodes
 * @param ratePerNode requests a second and node; the nodes that stay share those of a node that is down
 * @param warmUp load before anything is measured
 * @param quiet how long the load is measured with nothing else going on
 * @param pause between a restart and the next
 * @param heap of each node, for the JVM
 */
public record RestartScale(
        int sessions, double ratePerNode, int rounds, Duration warmUp, Duration quiet, Duration pause, String heap) {
    public static final int NODES = 3;
    public static final int SESSIONS = 300_000;
    public static final int QUICK_SESSIONS = 20_000;
    /** Beyond that the launcher itself is what is measured. */
    public static final double MAX_RATE_PER_NODE = 1000;

    private static final String HEAP = "-Xms2g -Xmx2g";
    private static final String QUICK_HEAP = "-Xms1g -Xmx1g";

    public static RestartScale full(int sessions, double ratePerNode, int rounds) {
        return new RestartScale(
                sessions,
                ratePerNode,
                rounds,
                Duration.ofSeconds(40),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                HEAP);
    }

    public static RestartScale quick(int sessions, double ratePerNode, int rounds) {
        String heap = sessions > QUICK_SESSIONS ? HEAP : QUICK_HEAP;
        return new RestartScale(
                sessions,
                ratePerNode,
                rounds,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                heap);
    }

    double rate() {
        return ratePerNode * NODES;
    }
}
