package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Named;
import io.evenkeel.it.bench.grid.CacheStart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The scale of the measurement: its size, its repetitions, its environment.
 *
 * @param rounds joins and leaves of each contender in each case
 * @param entries in each of two caches with entries of 1 KiB; other cases have their share of it
 * @param quiet how long the users are measured before a join, and how long their requests run before anything is
 *     measured
 * @param tls mutual TLS on all contenders instead of clear text
 * @param collector the garbage collector of all nodes
 * @param cacheStart the order in which nodes start their caches; empty for each contender's own: stock as Keycloak
 *     does, Evenkeel together
 * @param cpus the processors that all nodes have together; empty for all of the machine's
 * @param contenders in their own order; without stock there is less to judge
 */
public record StateScale(
        int rounds,
        int entries,
        Duration quiet,
        boolean tls,
        Collector collector,
        Optional<CacheStart> cacheStart,
        Optional<Double> cpus,
        List<Contender> contenders) {
    static final int OWNERS = 2;

    private static final int FEW = 100_000;
    private static final int ALL_NODES = 4;
    private static final double START_S = 4;
    private static final double FILL_MB_PER_S = 60;
    private static final double USUAL_MB_PER_S = 60;
    private static final double USUAL_CPUS = 2;
    private static final double BYTES_PER_MB = 1e6;
    private static final double BITS_PER_BYTE = 8;

    public StateScale {
        contenders = contenders.stream().distinct().sorted().toList();
    }

    /** The garbage collector of a JVM. */
    public enum Collector implements Named {
        G1("g1", "-XX:+UseG1GC"),
        ZGC("zgc", "-XX:+UseZGC");

        private final String label;
        private final String option;

        Collector(String label, String option) {
            this.label = label;
            this.option = option;
        }

        @Override
        public String label() {
            return label;
        }
    }

    CacheStart startOf(Contender contender) {
        return cacheStart.orElse(contender.isEvenkeel() ? CacheStart.TOGETHER : CacheStart.IN_TURN);
    }

    /**
     * A rough length of a contender's turn in a case: what is moved by the rate of the cable, and twice that where the
     * processors are the limit.
     *
     * @param machineCpus the processors of this machine
     */
    Duration estimate(StateCase stateCase, double machineCpus) {
        Workload workload = stateCase.workload();
        double stateMb =
                OWNERS * (double) workload.entries(entries) * workload.caches() * workload.bytes() / BYTES_PER_MB;
        double mbPerS =
                stateCase.link().mbitPerS().map(mbit -> mbit / BITS_PER_BYTE).orElse(USUAL_MB_PER_S);
        double slow = Math.max(1, USUAL_CPUS / Math.min(machineCpus, cpus.orElse(machineCpus)));
        // A quarter of the state comes to the node that joins, and a third of that much more is moved when it leaves.
        double roundS = quiet.toSeconds() + START_S + 2 * stateMb / ALL_NODES / mbPerS;
        double startS = ALL_NODES * START_S + stateMb / FILL_MB_PER_S + quiet.toSeconds();
        return Duration.ofSeconds(Math.round(slow * (startS + rounds * roundS)));
    }

    /** The options of a node's JVM, the same for all contenders. */
    List<String> options(Workload workload) {
        String heap = entries < FEW ? "1g" : workload.entries(entries) > 2 * entries ? "3g" : "2g";
        return List.of(
                "-Xms" + heap,
                "-Xmx" + heap,
                collector.option,
                "-Djava.net.preferIPv4Stack=true",
                "-Duser.language=en");
    }
}
