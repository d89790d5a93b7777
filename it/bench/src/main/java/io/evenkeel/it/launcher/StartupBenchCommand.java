package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Report;
import io.evenkeel.it.bench.StartupBench;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import picocli.CommandLine.Command;

/** {@code ./evenkeel bench startup}. */
@Command(
        name = "startup",
        description =
                "The time from channel start to a view of two on real Keycloak, stock jdbc-ping and evenkeel-jdbc.",
        sortOptions = false)
final class StartupBenchCommand extends Benchmark {
    private static final int ROUNDS = 7;
    private static final int QUICK_ROUNDS = 3;

    private int rounds;

    @Override
    void check() {
        rounds = options.rounds(spec, ROUNDS, QUICK_ROUNDS);
    }

    @Override
    Report measure(Progress progress) throws InterruptedException {
        try (Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), options.keycloakVersion(), progress)) {
            return new StartupBench(sandbox, rounds, progress).run();
        }
    }
}
