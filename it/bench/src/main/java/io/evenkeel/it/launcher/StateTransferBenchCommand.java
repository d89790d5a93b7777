package io.evenkeel.it.launcher;

import io.evenkeel.it.bench.Report;
import io.evenkeel.it.bench.grid.CacheStart;
import io.evenkeel.it.bench.state.StateBench;
import io.evenkeel.it.bench.state.StateCase;
import io.evenkeel.it.bench.state.StateScale;
import io.evenkeel.it.bench.state.StateScale.Collector;
import io.evenkeel.it.node.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./evenkeel bench state-transfer}. */
@Command(
        name = "state-transfer",
        description =
                "What users feel while a node joins or leaves a loaded grid: STATE_FC beside stock and beside smaller"
                        + " chunks. All cases but unshaped need Linux, root and iproute2.",
        sortOptions = false)
final class StateTransferBenchCommand extends Benchmark {
    private static final int ROUNDS = 3;
    private static final int QUICK_ROUNDS = 1;
    private static final int ENTRIES = 300_000;
    private static final int QUICK_ENTRIES = 30_000;
    private static final Duration QUIET = Duration.ofSeconds(8);
    private static final Duration QUICK_QUIET = Duration.ofSeconds(5);
    private static final int MIN_ENTRIES = 1_000;
    private static final int MAX_ENTRIES = 1_000_000;
    /** Cases that --quick measures unless cases are named: more does not fit into five minutes. */
    private static final List<StateCase> QUICK_CASES = List.of(StateCase.LAN_200, StateCase.UNSHAPED);

    @Option(
            names = "--case",
            paramLabel = "NAME",
            description =
                    "Measures that case only; may be given several times: lan-200, six-caches-200, rtt-2ms-200, lan-50,"
                            + " gigabit, unshaped, no-foreground, small-entries, large-entries, full-cycle,"
                            + " full-cycle-200 (default: all; with --quick only"
                            + " lan-200 and unshaped).")
    private final List<String> chosen = new ArrayList<>();

    @Mixin
    private ContenderOption contenders;

    @Option(
            names = "--entries",
            paramLabel = "N",
            description = "Entries of 1 KiB in each of two caches, " + MIN_ENTRIES + " to " + MAX_ENTRIES
                    + "; cases with other entries or caches are scaled alike (default: " + ENTRIES + ", with --quick "
                    + QUICK_ENTRIES + ").")
    private Integer entries;

    @Option(
            names = "--caches",
            paramLabel = "ORDER",
            description =
                    "The order in which a node starts its caches: in-turn or together (default: in turn on stock, as"
                            + " Keycloak has it, together on Evenkeel).")
    private String caches;

    @Mixin
    private CpuOption cpus;

    @Option(names = "--tls", description = "Mutual TLS on all contenders, instead of clear text.")
    private boolean tls;

    @Option(
            names = "--gc",
            paramLabel = "GC",
            defaultValue = "g1",
            description = "The garbage collector of the nodes: g1 or zgc (default: ${DEFAULT-VALUE}).")
    private String gc;

    private StateScale scale;
    private List<StateCase> cases;

    @Override
    void check() {
        require(
                entries == null || (entries >= MIN_ENTRIES && entries <= MAX_ENTRIES),
                "--entries=" + entries + " must be from " + MIN_ENTRIES + " to " + MAX_ENTRIES);
        int usual = options.quick() ? QUICK_ENTRIES : ENTRIES;
        scale = new StateScale(
                options.rounds(spec, ROUNDS, QUICK_ROUNDS),
                entries == null ? usual : entries,
                options.quick() ? QUICK_QUIET : QUIET,
                tls,
                BenchOptions.named(spec, "--gc", List.of(Collector.values()), gc),
                Optional.ofNullable(caches)
                        .map(name -> BenchOptions.named(spec, "--caches", List.of(CacheStart.values()), name)),
                cpus.value(spec),
                contenders.value(spec));
        List<StateCase> all = List.of(StateCase.values());
        cases = BenchOptions.named(spec, "--case", all, chosen, options.quick() ? QUICK_CASES : all);
    }

    @Override
    Report measure(Progress progress) throws InterruptedException {
        return new StateBench(scale, progress).run(cases, options::write);
    }
}
