package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.SampleRows;
import io.evenkeel.it.bench.grid.CacheStart;
import io.evenkeel.it.bench.grid.Grid;
import io.evenkeel.it.bench.grid.GridLoad;
import io.evenkeel.it.bench.grid.GridPlace;
import io.evenkeel.it.bench.grid.GridSpec;
import io.evenkeel.it.node.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        SampleRows<Sample> rows = new SampleRows<>(
                "kill -9 of 1 of 3 with " + lab.scale().gridEntries() + " entries in each of 2 caches: ",
                Measurement.interleaved(
                        Contender.STOCK_AND_EVENKEEL, lab.scale().rounds(), this::round));
        rows.addPercentile("p99, quiet", Goal.none(), 99, s -> s.quiet().trips());
        rows.addPercentile(
                "p99 of the next 10 s", Goal.atMost(P99_MS), 99, s -> s.during().trips());
        rows.add("max", "ms", Goal.atMost(MAX_MS), s -> s.during().trips().maxMs());
        rows.add("until the new view", "ms", Goal.atMostTimesStock(1), Sample::viewMs);
        rows.add("until all entries have two owners", "ms", Goal.none(), Sample::settledMs);
        rows.add("failed requests", "requests", Goal.atMost(0), s -> s.during().failed());
        rows.add("lost entries", "entries", Goal.atMost(0), Sample::lost);
        return rows.rows();
    }

    private Sample round(Contender contender, int round) throws InterruptedException {
        Sample sample = sample(contender);
        lab.progress()
                .step(String.format(
                        "kill, round %d, %s: view after %.0f ms, settled after %.0f ms, %d lost",
                        round, contender.label(), sample.viewMs(), sample.settledMs(), sample.lost()));
        lab.progress().step("  quiet:  " + sample.quiet());
        lab.progress().step("  during: " + sample.during());
        return sample;
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
