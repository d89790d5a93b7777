package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.transport.TransportBench;
import io.evenkeel.it.bench.transport.TransportCase;
import io.evenkeel.it.bench.transport.TransportScale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./evenkeel bench transport}. */
@Command(
        name = "transport",
        description = "TCP_NETTY beside JGroups' own TCP, in clear and with TLS.",
        sortOptions = false)
final class TransportBenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

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

    @Override
    public Integer call() throws InterruptedException {
        TransportScale scale = scale();
        List<TransportCase> cases = cases();
        options.checkJson(spec);
        BenchOptions.checkFile(spec, "--flame-graph", flameGraph);
        BenchOptions.checkSvg(spec, svg);
        BenchTable table;
        try (ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr())) {
            table = new TransportBench(scale, progress).run(cases, options::write);
        }
        options.publish(table, spec.commandLine().getOut());
        return table.complete() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private TransportScale scale() {
        if (jdk25 != null && !Files.isExecutable(jdk25.resolve("bin").resolve("java"))) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--jdk25=" + jdk25 + " must be the home of a JDK: it has no bin/java");
        }
        int rounds = options.rounds(spec, ROUNDS, QUICK_ROUNDS);
        return new TransportScale(
                rounds,
                options.quick(),
                Optional.ofNullable(jdk25),
                Optional.ofNullable(svg),
                Optional.ofNullable(flameGraph));
    }

    private List<TransportCase> cases() {
        if (chosen.isEmpty()) {
            return List.of(TransportCase.values());
        }
        return BenchOptions.named(spec, "--case", TransportCase.class, chosen);
    }
}
