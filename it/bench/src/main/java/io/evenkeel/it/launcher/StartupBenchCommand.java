package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.StartupBench;
import io.evenkeel.it.node.Sandbox;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./evenkeel bench startup}. */
@Command(
        name = "startup",
        description =
                "The time from channel start to a view of two on real Keycloak, stock jdbc-ping and evenkeel-jdbc.",
        sortOptions = false)
final class StartupBenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 7;
    private static final int QUICK_ROUNDS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

    @Override
    public Integer call() throws InterruptedException {
        int rounds = options.rounds(spec, ROUNDS, QUICK_ROUNDS);
        options.checkJson(spec);
        try (ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr());
                Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), options.keycloakVersion(), progress)) {
            BenchTable table = new StartupBench(sandbox, rounds, progress).run();
            options.publish(table, spec.commandLine().getOut());
        }
        return CommandLine.ExitCode.OK;
    }
}
