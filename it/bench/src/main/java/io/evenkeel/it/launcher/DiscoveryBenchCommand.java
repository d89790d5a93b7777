package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.LabCase;
import io.evenkeel.it.bench.Report;
import io.evenkeel.it.bench.discovery.DiscoveryCases;
import io.evenkeel.it.bench.discovery.Lab;
import io.evenkeel.it.bench.discovery.Scale;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./evenkeel bench discovery}. */
@Command(
        name = "discovery",
        description = "How discovery stands crashes, silent hosts, database outages, races, clocks and splits, on stock"
                + " jdbc-ping and evenkeel-jdbc.",
        sortOptions = false)
final class DiscoveryBenchCommand extends Benchmark {
    private static final int ROUNDS = 3;
    private static final int RACE_ROUNDS = 50;
    private static final int QUICK_ROUNDS = 1;
    private static final int QUICK_RACE_ROUNDS = 3;

    @Option(
            names = "--case",
            paramLabel = "NAME",
            description = "Measures that case only; may be given several times: coordinator-row, hang, restart, clocks,"
                    + " outage, silent (root only), race, split, load (default: all; with --quick only"
                    + " coordinator-row, hang, restart, race and load).")
    private final List<String> chosen = new ArrayList<>();

    private Scale scale;
    /** In an order that shares nodes between cases. */
    private List<LabCase<Lab>> cases;

    @Override
    void check() {
        int rounds = options.rounds(spec, ROUNDS, QUICK_ROUNDS);
        int raceRounds = options.rounds(spec, RACE_ROUNDS, QUICK_RACE_ROUNDS);
        scale = options.quick() ? Scale.quick(rounds, raceRounds) : Scale.full(rounds, raceRounds);
        cases = BenchOptions.named(
                spec,
                "--case",
                DiscoveryCases.ALL,
                chosen,
                options.quick() ? DiscoveryCases.QUICK : DiscoveryCases.ALL);
    }

    @Override
    Report measure(Progress progress) throws InterruptedException {
        try (Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), options.keycloakVersion(), progress)) {
            return Lab.run(sandbox, scale, progress, cases, options::write);
        }
    }
}
