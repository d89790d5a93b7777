package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Machine;
import io.evenkeel.it.bench.Report;
import io.evenkeel.it.bench.restart.RestartOrder;
import io.evenkeel.it.bench.restart.RestartScale;
import io.evenkeel.it.bench.restart.RollingRestartBench;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./evenkeel bench rolling-restart}. */
@Command(
        name = "rolling-restart",
        description = "What users feel while each node of a real Keycloak cluster full of in-memory sessions is"
                + " restarted, on stock jdbc-ping with chunks of 512, 64 and 16 entries, and on"
                + " evenkeel-jdbc. Takes 6 GB of memory, 9 with more than " + RestartScale.QUICK_SESSIONS
                + " sessions; on two processors 7 minutes a round and contender, 4 with --quick, as the"
                + " first lines of a run tell.",
        sortOptions = false)
final class RollingRestartBenchCommand extends Benchmark {
    private static final int ROUNDS = 3;
    private static final int QUICK_ROUNDS = 1;
    private static final int MIN_SESSIONS = 1000;
    private static final int MAX_SESSIONS = 5_000_000;
    private static final int MIN_HEAP_MB = 256;
    private static final int MB_PER_GB = 1024;
    private static final double BYTES_PER_MB = 1024.0 * 1024;

    @Mixin
    private ContenderOption contenders;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            defaultValue = "3,2,1",
            description =
                    "The order of the restarts: 3,2,1, as a StatefulSet has it, which leaves the coordinator to the"
                            + " end,"
                            + " or 1,2,3, which restarts the coordinator each time (default: ${DEFAULT-VALUE}).")
    private String order;

    @Mixin
    private CpuOption cpus;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description =
                    "The heap of each node's JVM, such as 768m or 2g (default: 2g; with --quick and few sessions 1g).")
    private String heap;

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "An option of each node's JVM, such as --jvm-option=-XX:MaxNewSize=256m; may be given several"
                    + " times.")
    private List<String> jvmOptions = List.of();

    @Option(
            names = "--jfr",
            paramLabel = "DIR",
            description = "Keeps evidence below DIR, a directory a run: the collections' logs, recordings of the"
                    + " Flight Recorder, and the threads of all nodes while p99 is above a second. Costs the nodes"
                    + " some processor.")
    private Path jfr;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            description = "User sessions with a client session each (default: " + RestartScale.SESSIONS
                    + "; with --quick " + RestartScale.QUICK_SESSIONS + ").")
    private Integer sessions;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "30",
            description =
                    "Requests a second and node: logins, refreshes and introspections (default: ${DEFAULT-VALUE}).")
    private double ratePerNode;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Also draws the first round's latency over time into FILE.")
    private Path svg;

    private RestartScale scale;
    private RollingRestartBench bench;

    @Override
    void check() {
        scale = scale();
        BenchOptions.checkFile(spec, "--svg", svg);
        checkEvidence();
    }

    @Override
    Report measure(Progress progress) throws InterruptedException {
        try (Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), options.keycloakVersion(), progress)) {
            bench = new RollingRestartBench(sandbox, scale, Optional.ofNullable(jfr), progress);
            Report table = bench.run(options::write);
            if (svg != null) {
                bench.draw(svg);
            }
            return table;
        }
    }

    @Override
    boolean complete(Report table) {
        return bench.complete();
    }

    private void checkEvidence() {
        if (jfr == null) {
            return;
        }
        // It becomes a part of the JVM's options, which kc.sh takes apart at blanks.
        require(!jfr.toString().matches(".*[\\s,*].*"), "--jfr=" + jfr + " must have no blank, comma or asterisk");
        try {
            Files.createDirectories(jfr);
            jfr = jfr.toRealPath();
        } catch (IOException e) {
            require(false, "--jfr=" + jfr + " must be a directory that can be made: " + e.getMessage());
        }
        require(Files.isWritable(jfr), "--jfr=" + jfr + " must be a writable directory");
    }

    private RestartScale scale() {
        int rounds = options.rounds(spec, ROUNDS, QUICK_ROUNDS);
        int usual = options.quick() ? RestartScale.QUICK_SESSIONS : RestartScale.SESSIONS;
        int wanted = sessions == null ? usual : sessions;
        require(
                wanted >= MIN_SESSIONS && wanted <= MAX_SESSIONS,
                "--sessions=" + wanted + " must be from " + MIN_SESSIONS + " to " + MAX_SESSIONS);
        require(
                ratePerNode >= 1 && ratePerNode <= RestartScale.MAX_RATE_PER_NODE,
                "--rate=" + ratePerNode + " must be from 1 to " + RestartScale.MAX_RATE_PER_NODE);
        RestartScale chosen = options.quick()
                ? RestartScale.quick(contenders.value(spec), wanted, ratePerNode, rounds)
                : RestartScale.full(contenders.value(spec), wanted, ratePerNode, rounds);
        chosen = chosen.withOrder(BenchOptions.named(spec, "--order", List.of(RestartOrder.values()), order));
        if (heap != null) {
            chosen = chosen.withHeapMb(heapMb());
        }
        for (String option : jvmOptions) {
            // kc.sh takes the JVM's options apart at blanks, and its shell reads some signs.
            require(
                    option.matches("-[A-Za-z0-9_.:+=/-]+"),
                    "--jvm-option=" + option + " must be one option, such as -XX:MaxNewSize=256m");
        }
        chosen = chosen.withJvmOptions(jvmOptions);
        return cpus.value(spec).isPresent() ? chosen.withCpus(cpus.value(spec).get()) : chosen;
    }

    /** All nodes have to fit into the machine's memory. */
    private int heapMb() {
        require(heap.matches("[1-9][0-9]{0,5}[mg]"), "--heap=" + heap + " must look like 768m or 2g");
        int mb = Integer.parseInt(heap.substring(0, heap.length() - 1)) * (heap.endsWith("g") ? MB_PER_GB : 1);
        int maxMb = (int) (Machine.memoryBytes() / RestartScale.NODES / BYTES_PER_MB);
        require(
                mb >= MIN_HEAP_MB && mb <= maxMb,
                "--heap=" + heap + " must be from " + MIN_HEAP_MB + "m to " + maxMb
                        + "m, a third of this machine's memory");
        return mb;
    }
}
