package io.evenkeel.it.bench;

import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The time from the start of the channel to a view of two, by the log of the node that joins. Each stack has a node
 * that stays and a database of its own; the second nodes start and stop alternately, one at a time.
 */
public final class StartupBench {
    private static final BenchCase CASE =
            new BenchCase("channel start to a view of 2", "ms", Goal.atMostTimesStock(1.0));
    private static final Duration READY_BOUND = Duration.ofMinutes(5);
    private static final Duration VIEW_BOUND = Duration.ofSeconds(60);

    private final Sandbox sandbox;
    private final int rounds;
    private final Progress progress;

    public StartupBench(Sandbox sandbox, int rounds, Progress progress) {
        this.sandbox = sandbox;
        this.rounds = rounds;
        this.progress = progress;
    }

    public BenchTable run() throws InterruptedException {
        try (KeycloakCluster stock = cluster(Contender.STOCK);
                KeycloakCluster evenkeel = cluster(Contender.EVENKEEL)) {
            stock.start();
            evenkeel.start();
            addJoiner(stock);
            addJoiner(evenkeel);
            Map<KeycloakCluster, List<Double>> samplesMs =
                    Measurement.interleaved(List.of(stock, evenkeel), rounds, this::sampleMs);
            return new BenchTable(List.of(new BenchResult(CASE, samplesMs.get(stock), samplesMs.get(evenkeel))));
        }
    }

    private KeycloakCluster cluster(Contender contender) throws InterruptedException {
        String name = contender.label();
        String stack = contender.cacheStack();
        KeycloakCluster cluster = sandbox.newCluster(name, sandbox.specFor(stack));
        Database database = sandbox.postgres().createDatabase(name);
        cluster.add(NodeConfig.of(
                name + "-1", stack, sandbox.ports().freeForNode(), database, Credentials.generate("admin")));
        return cluster;
    }

    /** Adds the node that joins and leaves. */
    private void addJoiner(KeycloakCluster cluster) {
        NodeConfig first = cluster.node(0).config();
        String name = first.name().replace("-1", "-2");
        cluster.add(NodeConfig.of(name, first.stack(), sandbox.ports().freeForNode(), first.database(), first.admin()));
    }

    private double sampleMs(KeycloakCluster cluster, int round) throws InterruptedException {
        KeycloakNode joiner = cluster.node(1);
        progress.step("Round " + round + " of " + rounds + ": " + joiner.name() + " joins");
        joiner.start();
        joiner.awaitReady(READY_BOUND);
        cluster.awaitOneView(VIEW_BOUND);
        Duration sample = ClusterLog.startToView(joiner.log().lines(), 2)
                .orElseThrow(() -> new RunException(
                        "The log of " + joiner.name() + " does not show a channel start followed by a view of two."));
        joiner.stop();
        cluster.awaitOneView(VIEW_BOUND);
        progress.step("Round " + round + " of " + rounds + ": " + joiner.name() + " took " + sample.toMillis() + " ms");
        return sample.toMillis();
    }
}
