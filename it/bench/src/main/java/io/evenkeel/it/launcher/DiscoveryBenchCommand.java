package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Report;
import io.evenkeel.it.bench.discovery.DiscoveryCase;
import io.evenkeel.it.bench.discovery.Lab;
import io.evenkeel.it.bench.discovery.Scale;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
    /** Cases that --quick leaves out unless it is named: it does not fit into five minutes. */
    private static final Set<DiscoveryCase> NOT_QUICK =
            Set.of(DiscoveryCase.OUTAGE, DiscoveryCase.CLOCKS, DiscoveryCase.SILENT, DiscoveryCase.SPLIT);

    @Option(
            names = "--case",
            paramLabel = "NAME",
            description = "Measures that case only; may be given several times: coordinator-row, hang, restart, clocks,"
                    + " outage, silent (root only), race, split, load (default: all; with --quick only"
                    + " coordinator-row, hang, restart, race and load).")
    private final List<String> chosen = new ArrayList<>();

    private Scale scale;
    /** In the order of their declaration, which shares nodes between cases. */
    private List<DiscoveryCase> cases;

    @Override
    void check() {
        int rounds = options.rounds(spec, ROUNDS, QUICK_ROUNDS);
        int raceRounds = options.rounds(spec, RACE_ROUNDS, QUICK_RACE_ROUNDS);
        scale = options.quick() ? Scale.quick(rounds, raceRounds) : Scale.full(rounds, raceRounds);
        List<DiscoveryCase> usual = Stream.of(DiscoveryCase.values())
                .filter(c -> !options.quick() || !NOT_QUICK.contains(c))
                .toList();
        cases = BenchOptions.named(spec, "--case", DiscoveryCase.class, chosen, usual);
    }

    @Override
    Report measure(Progress progress) throws InterruptedException {
        try (Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), options.keycloakVersion(), progress)) {
            return Lab.run(sandbox, scale, progress, cases, options::write);
        }
    }
}
