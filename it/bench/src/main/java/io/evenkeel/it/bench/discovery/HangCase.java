package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * kill -9 of a member that does not coordinate, once on a healthy database and once two seconds into a hang (SIGSTOP of
 * PostgreSQL): the time from the kill to the survivor's view. Both stacks lose their member at the same moment of the
 * same hang.
 */
final class HangCase implements Measurement {
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final Duration VIEW_BOUND = Duration.ofMinutes(1);
    private static final BenchCase HEALTHY =
            new BenchCase("kill -9 of a member, database healthy: kill to the survivor's view", "s", Goal.none());

    private final Lab lab;
    private final Samples healthy = new Samples();
    private final Samples hanging = new Samples();

    HangCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            lab.progress().step("Round " + round + " of " + lab.scale().rounds());
            KeycloakPair pair = lab.runningPair();
            collect(healthy, killMembers(pair), VIEW_BOUND);
            lab.runningPair();
            hang(pair);
            // New nodes for the next case: what a hang leaves behind is no business of other figures.
            lab.reset();
        }
        BenchResult baseline = healthy.row(HEALTHY);
        double bound = baseline.evenkeelMedian() + 1;
        BenchCase hangCase = new BenchCase(
                "the same while the database hangs for " + lab.scale().hang().toSeconds() + " s",
                "s",
                new Goal.Bound("<= healthy + 1 s", (stock, own) -> own <= bound));
        return List.of(baseline, hanging.row(hangCase));
    }

    private void hang(KeycloakPair pair) throws InterruptedException {
        Map<KeycloakPeer, Killing> killings;
        long startNs = System.nanoTime();
        lab.progress().step("The database hangs for " + lab.scale().hang().toSeconds() + " s");
        Freeze freeze = Freeze.of(lab.sandbox().postgres());
        try {
            Waits.until(() -> false, SETTLED);
            killings = killMembers(pair);
            Waits.until(() -> false, lab.scale().hang().minusNanos(System.nanoTime() - startNs));
        } finally {
            freeze.close();
        }
        lab.progress().step("The database works again");
        collect(hanging, killings, VIEW_BOUND);
    }

    /** The survivor, and the time at which the other was killed. */
    private record Killing(KeycloakNode survivor, LocalDateTime killed) {}

    private static Map<KeycloakPeer, Killing> killMembers(KeycloakPair pair) {
        Map<KeycloakPeer, KeycloakNode> survivors = new LinkedHashMap<>();
        pair.both().forEach(peer -> survivors.put(peer, peer.coordinator()));
        Map<KeycloakPeer, Killing> killings = new LinkedHashMap<>();
        survivors.forEach(
                (peer, survivor) -> killings.put(peer, new Killing(survivor, KeycloakPeer.kill(peer.other(survivor)))));
        return killings;
    }

    private void collect(Samples samples, Map<KeycloakPeer, Killing> killings, Duration bound)
            throws InterruptedException {
        for (Map.Entry<KeycloakPeer, Killing> entry : killings.entrySet()) {
            Killing killing = entry.getValue();
            Duration took = KeycloakPeer.awaitView(killing.survivor(), 1, killing.killed(), bound)
                    .orElseThrow(() -> new RunException(killing.survivor().name()
                            + " installed no view without the killed member within " + bound.toSeconds()
                            + " s after the database's return."));
            lab.progress()
                    .step(killing.survivor().name() + " had the new view after " + KeycloakPeer.seconds(took) + " s");
            samples.add(entry.getKey().contender(), KeycloakPeer.seconds(took));
        }
    }
}
