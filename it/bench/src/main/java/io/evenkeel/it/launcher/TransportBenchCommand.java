package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.LabCase;
import io.evenkeel.it.bench.Report;
import io.evenkeel.it.bench.transport.TransportCases;
import io.evenkeel.it.bench.transport.TransportLab;
import io.evenkeel.it.bench.transport.TransportScale;
import io.evenkeel.it.node.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./evenkeel bench transport}. */
@Command(
        name = "transport",
        description = "TCP_NETTY beside JGroups' own TCP, in clear and with TLS.",
        sortOptions = false)
final class TransportBenchCommand extends Benchmark {
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 1;

    @Option(
            names = "--case",
            paramLabel = "NAME",
            description = "Measures that case only; may be given several times: uperf, mperf, isolation-stopped,"
                    + " isolation-blackholed, isolation-slow, storm, kill, reload (default: all).")
    private final List<String> chosen = new ArrayList<>();

    @Option(
            names = "--jdk25",
            paramLabel = "HOME",
            defaultValue = "${env:EVENKEEL_JDK25}",
            description = "A JDK 25 to measure on as well (default: the environment's EVENKEEL_JDK25).")
    private Path jdk25;

    @Option(names = "--svg", paramLabel = "FILE", description = "Also draws UPerf's figures as SVG.")
    private Path svg;

    @Option(
            names = "--flame-graph",
            paramLabel = "FILE",
            description =
                    "Also profiles a node of TCP_NETTY with mutual TLS under UPerf and writes a flame graph as HTML.")
    private Path flameGraph;

    private TransportScale scale;
    private List<LabCase<TransportLab>> cases;

    @Override
    void check() {
        require(
                jdk25 == null || Files.isExecutable(jdk25.resolve("bin").resolve("java")),
                "--jdk25=" + jdk25 + " must be the home of a JDK: it has no bin/java");
        scale = new TransportScale(
                options.rounds(spec, ROUNDS, QUICK_ROUNDS),
                options.quick(),
                Optional.ofNullable(jdk25),
                Optional.ofNullable(svg),
                Optional.ofNullable(flameGraph));
        cases = BenchOptions.named(spec, "--case", TransportCases.ALL, chosen, TransportCases.ALL);
        BenchOptions.checkFile(spec, "--flame-graph", flameGraph);
        BenchOptions.checkFile(spec, "--svg", svg);
    }

    @Override
    Report measure(Progress progress) throws InterruptedException {
        return TransportLab.run(scale, progress, cases, options::write);
    }
}
