package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rolling restarts of real Keycloak clusters under load, one cluster at a time: each round has a new one of each stack, on an empty
 * database, and the stack that goes first changes from round to round.
 */
public final class RollingRestartBench {
    private final Sandbox sandbox;
    private final RestartScale scale;
    private final Progress progress;
    private final List<Recording> stock = new ArrayList<>();
    private final List<Recording> evenkeel = new ArrayList<>();

    public RollingRestartBench(Sandbox sandbox, RestartScale scale, Progress progress) {
        this.sandbox = sandbox;
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param afterRound is given the table so far
     */
    public BenchTable run(Consumer<BenchTable> afterRound) throws InterruptedException {
        Path provider = ProviderJar.writeTo(sandbox.dir());
        progress.step("Preparing an unrelated Keycloak");
        try (ControlNode control = ControlNode.prepare(sandbox)) {
            for (int round = 1; round <= scale.rounds(); round++) {
                boolean stockFirst = round % 2 == 1;
                if (stockFirst) {
                    stock.add(record(Rival.STOCK, round, provider, control));
                }
                evenkeel.add(record(Rival.EVENKEEL, round, provider, control));
                if (!stockFirst) {
                    stock.add(record(Rival.STOCK, round, provider, control));
                }
                afterRound.accept(table());
            }
        }
        return table();
    }

    private BenchTable table() {
        return new RestartReport(stock, evenkeel).table();
    }

    /** Draws the first round. */
    public void draw(Path svg) {
        new RestartChart(scale).write(svg, stock.get(0), evenkeel.get(0));
    }

    private Recording record(Rival rival, int round, Path provider, ControlNode control) throws InterruptedException {
        progress.step("Round " + round + " of " + scale.rounds() + ": " + rival.label());
        String name = rival.label() + "_" + round;
        try (SessionCluster cluster = SessionCluster.create(sandbox, rival, name, provider, scale.heap())) {
            cluster.startWith(scale.sessions());
            return new RestartRun(cluster, control, scale, new SecureRandom(), progress).record();
        }
    }
}
