package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.grid.CacheStart;
import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.GridLoad;
import io.evenkeel.it.bench.grid.GridPlace;
import io.evenkeel.it.bench.grid.GridSpec;
import io.evenkeel.it.node.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Infinispan on three nodes, two distributed caches with two owners, 300 requests/s on each node. One node is killed
 * with -9: the requests of the other two from that moment on, and the time until both have the new view.
 */
final class KillCase implements Measurement {
    private static final int NODES = 3;
    private static final int BYTES = 1024;
    private static final int RATE_PER_S = 300;
    private static final int PUT_PERCENT = 20;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final double P99_MS = 150;
    private static final double MAX_MS = 400;
    private static final double MS_PER_NS = 1e-6;

    private final TransportLab lab;

    private record Sample(Grid.Outcome quiet, Grid.Outcome during, double viewMs, double settledMs, long lost) {}

    KillCase(TransportLab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        Map<Contender, List<Sample>> samples = new EnumMap<>(Contender.class);
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            for (Contender contender : Measurement.inTurn(List.of(Contender.STOCK, Contender.EVENKEEL), round)) {
                Sample sample = sample(contender);
                samples.computeIfAbsent(contender, c -> new ArrayList<>()).add(sample);
                lab.progress()
                        .step(String.format(
                                "kill, round %d, %s: view after %.0f ms, settled after %.0f ms, %d lost",
                                round, contender.label(), sample.viewMs(), sample.settledMs(), sample.lost()));
                lab.progress().step("  quiet:  " + sample.quiet());
                lab.progress().step("  during: " + sample.during());
            }
        }
        String name = "kill -9 of 1 of 3 with " + lab.scale().gridEntries() + " entries in each of 2 caches: ";
        Goal none = Goal.none();
        return List.of(
                row(name + "p99, quiet", "ms", none, samples, s -> s.quiet()
                        .trips()
                        .percentileMs(99)),
                row(name + "p99 of the next 10 s", "ms", Goal.atMost(P99_MS), samples, s -> s.during()
                        .trips()
                        .percentileMs(99)),
                row(name + "max", "ms", Goal.atMost(MAX_MS), samples, s -> s.during()
                        .trips()
                        .maxMs()),
                row(name + "until the new view", "ms", Goal.atMostTimesStock(1), samples, Sample::viewMs),
                row(name + "until all entries have two owners", "ms", none, samples, Sample::settledMs),
                row(name + "failed requests", "requests", Goal.atMost(0), samples, s -> s.during()
                        .failed()),
                row(name + "lost entries", "entries", Goal.atMost(0), samples, Sample::lost));
    }

    private static BenchResult row(
            String name, String unit, Goal goal, Map<Contender, List<Sample>> samples, ToDoubleFunction<Sample> value) {
        return BenchResult.of(name, unit, goal, samples.get(Contender.STOCK), samples.get(Contender.EVENKEEL), value);
    }

    private Sample sample(Contender contender) throws InterruptedException {
        GridSpec spec = new GridSpec(2, 2, contender.chunkEntries(), CacheStart.TOGETHER, contender.isEvenkeel());
        int entries = lab.scale().gridEntries();
        GridLoad load = new GridLoad(RATE_PER_S, PUT_PERCENT, entries, BYTES);
        try (Grid grid = new Grid(
                lab.dir(),
                GridPlace.onLoopback(lab.ports(), NODES),
                contender.stack(Optional.of(lab.keys())),
                spec,
                lab.options(lab.scale().gridHeap()))) {
            for (int i = 0; i < NODES; i++) {
                grid.join();
            }
            grid.fill(entries, BYTES);
            List<ChildJvm> all = List.of(grid.node(0), grid.node(1), grid.node(2));
            List<ChildJvm> survivors = List.of(grid.node(0), grid.node(2));
            long before = Grid.entries(grid.node(0));
            Grid.begin(all, load, lab.scale().pingWarmUp());
            Grid.end(all, lab.scale().pingWarmUp());
            Grid.begin(all, load, lab.scale().pingRun());
            Grid.Outcome quiet = Grid.end(all, lab.scale().pingRun());
            Grid.begin(all, load, WINDOW);
            long killNs = System.nanoTime();
            grid.node(1).kill();
            long viewNs = Math.max(Grid.viewNs(grid.node(0), NODES - 1), Grid.viewNs(grid.node(2), NODES - 1));
            long settledNs = Math.max(Grid.settledNs(grid.node(0), NODES - 1), Grid.settledNs(grid.node(2), NODES - 1));
            Grid.Outcome during = Grid.end(survivors, WINDOW);
            return new Sample(
                    quiet,
                    during,
                    (viewNs - killNs) * MS_PER_NS,
                    (settledNs - killNs) * MS_PER_NS,
                    before - Grid.entries(grid.node(0)));
        }
    }
}
