package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.restart.RestartScale;
import io.evenkeel.it.bench.restart.RollingRestartBench;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./evenkeel bench rolling-restart}. */
@Command(
        name = "rolling-restart",
        description =
                "What users feel while each node of a real Keycloak cluster full of in-memory sessions is restarted,"
                        + " on stock jdbc-ping and evenkeel-jdbc. Takes 6 GB of memory, 9 with more than "
                        + RestartScale.QUICK_SESSIONS + " sessions; 13 minutes a round, 7 with --quick.",
        sortOptions = false)
final class RollingRestartBenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 3;
    private static final int QUICK_ROUNDS = 1;
    private static final int MIN_SESSIONS = 1000;
    private static final int MAX_SESSIONS = 5_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

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

    @Override
    public Integer call() throws InterruptedException {
        RestartScale scale = scale();
        options.checkJson(spec);
        BenchOptions.checkSvg(spec, svg);
        try (ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr());
                Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), options.keycloakVersion(), progress)) {
            RollingRestartBench bench = new RollingRestartBench(sandbox, scale, progress);
            BenchTable table = bench.run(options::write);
            if (svg != null) {
                bench.draw(svg);
            }
            options.publish(table, spec.commandLine().getOut());
        }
        return CommandLine.ExitCode.OK;
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
        return options.quick()
                ? RestartScale.quick(wanted, ratePerNode, rounds)
                : RestartScale.full(wanted, ratePerNode, rounds);
    }

    private void require(boolean right, String message) {
        if (!right) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }
}
