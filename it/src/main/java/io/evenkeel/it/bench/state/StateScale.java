package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Named;
import java.time.Duration;
import java.util.List;

/**
 * How much is measured, how often and on what.
 *
 * @param rounds joins and leaves of each rival in each case
 * @param entries in each of two caches with entries of 1 KiB; other cases have their share of it
 * @param quiet how long the users are measured before a join, and how long their requests run before anything is measured
 * @param tls mutual TLS on all rivals instead of clear text
 * @param collector the garbage collector of all nodes
 * @param rivals in their own order; without stock there is less to judge
 */
public record StateScale(
        int rounds, int entries, Duration quiet, boolean tls, Collector collector, List<Rival> rivals) {
    private static final int FEW = 100_000;

    public StateScale {
        rivals = rivals.stream().distinct().sorted().toList();
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

    /** The options of a node's JVM, the same for all rivals. */
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
