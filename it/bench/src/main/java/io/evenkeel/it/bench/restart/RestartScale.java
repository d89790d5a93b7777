package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Machine;
import io.evenkeel.it.node.CpuLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The size of the benchmark.
 *
 * @param contenders in their own order, each once
 * @param sessions user sessions, each with a client session, over all nodes
 * @param ratePerNode requests a second and node; the nodes that stay share those of a node that is down
 * @param warmUp load before anything is measured
 * @param quiet how long the load is measured with nothing else going on
 * @param pause between a restart and the next
 * @param heapMb of each node's JVM
 * @param jvmOptions that each node's JVM gets beside its heap
 * @param cpus the processors that all nodes have together; empty for all of the machine's
 */
public record RestartScale(
        List<Contender> contenders,
        int sessions,
        double ratePerNode,
        int rounds,
        RestartOrder order,
        Duration warmUp,
        Duration quiet,
        Duration pause,
        int heapMb,
        List<String> jvmOptions,
        Optional<Double> cpus) {
    public static final int NODES = 3;
    public static final int SESSIONS = 300_000;
    public static final int QUICK_SESSIONS = 20_000;
    /** Beyond that the launcher itself is what is measured. */
    public static final double MAX_RATE_PER_NODE = 1000;

    public static final int HEAP_MB = 2048;
    public static final int QUICK_HEAP_MB = 1024;

    private static final double START_CPU_S = 30;
    private static final double FILL_CPU_S_PER_SESSION = 60e-6;
    private static final double RESTART_CPU_S = 35;
    private static final double MOVE_CPU_S_PER_SESSION = 200e-6;
    private static final double USUAL_CPUS = 2;
    /** The processor time of the load alone, by a request a second. */
    private static final double LOAD_CPUS_PER_REQUEST = 0.005;

    public RestartScale {
        contenders = contenders.stream().distinct().sorted().toList();
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** The usual lengths. */
    public static RestartScale full(List<Contender> contenders, int sessions, double ratePerNode, int rounds) {
        return new RestartScale(
                contenders,
                sessions,
                ratePerNode,
                rounds,
                RestartOrder.LAST_FIRST,
                Duration.ofSeconds(40),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                HEAP_MB,
                List.of(),
                Optional.empty());
    }

    /** Short lengths, and a small heap for few sessions. */
    public static RestartScale quick(List<Contender> contenders, int sessions, double ratePerNode, int rounds) {
        return new RestartScale(
                contenders,
                sessions,
                ratePerNode,
                rounds,
                RestartOrder.LAST_FIRST,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                sessions > QUICK_SESSIONS ? HEAP_MB : QUICK_HEAP_MB,
                List.of(),
                Optional.empty());
    }

    public RestartScale withOrder(RestartOrder newOrder) {
        return new RestartScale(
                contenders, sessions, ratePerNode, rounds, newOrder, warmUp, quiet, pause, heapMb, jvmOptions, cpus);
    }

    public RestartScale withHeapMb(int newHeapMb) {
        return new RestartScale(
                contenders, sessions, ratePerNode, rounds, order, warmUp, quiet, pause, newHeapMb, jvmOptions, cpus);
    }

    public RestartScale withJvmOptions(List<String> newOptions) {
        return new RestartScale(
                contenders, sessions, ratePerNode, rounds, order, warmUp, quiet, pause, heapMb, newOptions, cpus);
    }

    public RestartScale withCpus(double newCpus) {
        return new RestartScale(
                contenders,
                sessions,
                ratePerNode,
                rounds,
                order,
                warmUp,
                quiet,
                pause,
                heapMb,
                jvmOptions,
                Optional.of(newCpus));
    }

    /** The facts with which the figures have to be read. */
    String conditions() {
        return String.format(
                Locale.ROOT,
                "%s; %d nodes of %d MB heap%s with %s, %,d sessions, %.0f requests/s, restarted in the order %s,"
                        + " rounds: %d",
                Machine.words(),
                NODES,
                heapMb,
                jvmOptions.isEmpty() ? "" : " and " + String.join(" ", jvmOptions),
                cpus.map(CpuLimit::words).orElse("all of the processors"),
                sessions,
                rate(),
                order.label(),
                rounds);
    }

    double rate() {
        return ratePerNode * NODES;
    }

    String heapOptions() {
        return "-Xms" + heapMb + "m -Xmx" + heapMb + "m";
    }

    /**
     * A rough length of one contender's run: its fixed parts, and processor time as it was seen on two processors,
     * spread over those that the load leaves.
     *
     * @param machineCpus the processors of this machine
     */
    Duration estimate(double machineCpus) {
        double free = Math.min(USUAL_CPUS, cpus.orElse(machineCpus)) - rate() * LOAD_CPUS_PER_REQUEST;
        double cpuS = START_CPU_S * NODES
                + sessions * FILL_CPU_S_PER_SESSION
                + NODES * (RESTART_CPU_S + sessions * MOVE_CPU_S_PER_SESSION)
                + RESTART_CPU_S;
        Duration fixed = warmUp.plus(quiet).plus(pause.multipliedBy(NODES + 1L));
        return fixed.plusSeconds(Math.round(cpuS / Math.max(0.1, free)));
    }
}
