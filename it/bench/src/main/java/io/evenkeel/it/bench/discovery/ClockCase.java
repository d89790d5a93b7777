package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.ViewChange;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node joins another whose stored times are 1 hour or 10 years behind, as if the other's clock were: a trigger in the
 * database shifts every time that is stored for it. Stock stores the node's clock; ours stores the database's, so for
 * ours the trigger simulates what should not happen at all.
 */
final class ClockCase implements Measurement {
    private static final Map<String, Duration> SKEWS =
            Map.of("1 hour", Duration.ofHours(1), "10 years", Duration.ofDays(3652));
    private static final Duration START_BOUND = Duration.ofMinutes(5);
    private static final Duration VIEW_BOUND = Duration.ofMinutes(1);

    private final Lab lab;

    ClockCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        List<BenchResult> results = new ArrayList<>();
        for (String skew : SKEWS.keySet().stream().sorted().toList()) {
            Samples joined = new Samples();
            for (int round = 1; round <= lab.scale().rounds(); round++) {
                for (KeycloakPeer peer : Measurement.inTurn(lab.runningPair().both(), round)) {
                    joined.add(peer.contender(), joins(peer, skew));
                }
            }
            results.add(joined.row(new BenchCase(
                    "stored times " + skew + " behind: a starting node joins the running one",
                    "1 = yes, 0 = no",
                    Goal.atLeast(1))));
        }
        return results;
    }

    private double joins(KeycloakPeer peer, String skew) throws InterruptedException {
        KeycloakNode running = peer.coordinator();
        KeycloakNode joiner = peer.other(running);
        joiner.stop();
        peer.cluster().awaitOneView(VIEW_BOUND);
        peer.table()
                .shiftClockOf(
                        KeycloakPeer.localName(running).orElseThrow(),
                        SKEWS.get(skew).toSeconds());
        try {
            lab.progress().step("Starting " + joiner.name() + " beside a clock " + skew + " behind");
            joiner.start();
            Waits.until(() -> !joiner.isAlive() || !views(joiner).isEmpty(), START_BOUND);
            joiner.failIfDead();
        } finally {
            peer.table().rightClocks();
        }
        boolean joined = !views(joiner).isEmpty() && views(joiner).get(0).view().size() == 2;
        lab.progress().step(joiner.name() + (joined ? " joined " : " did not join ") + running.name());
        if (!joined) {
            // It has formed a cluster of its own; the next case gets two nodes that belong together.
            peer.close();
        }
        return joined ? 1 : 0;
    }

    private static List<ViewChange> views(KeycloakNode node) {
        return ClusterLog.viewChanges(node.log().lines());
    }
}
