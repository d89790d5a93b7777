package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.ReadinessWatch;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL is stopped and started again under both stacks. While it is down Keycloak's own check of its database pool
 * says DOWN on any stack, so the answers are told apart by the check that is DOWN. The worse of a stack's two nodes
 * counts.
 */
final class OutageCase implements Measurement {
    /** Of JDBC_PING_LEASE's default interval. */
    private static final double TWO_BEATS_S = 6;

    private static final Duration BEFORE = Duration.ofSeconds(3);

    private final Lab lab;
    private final Samples clusterDown = new Samples();
    private final Samples readyAgain = new Samples();
    private final List<Double> beatAgain = new ArrayList<>();
    private String note = "";

    OutageCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            lab.progress().step("Round " + round + " of " + lab.scale().rounds());
            outage(lab.runningPair());
        }
        String name = "database stopped for " + lab.scale().outage().toSeconds() + " s and back: ";
        BenchCase down = new BenchCase(name + "cluster check DOWN in /health/ready", "s", Goal.atMost(0));
        BenchCase again =
                new BenchCase(name + "its return to the last answer other than 200", "s", Goal.atMostTimesStock(1));
        BenchCase beat = new BenchCase(name + "its return to a beat of every member", "s", Goal.atMost(TWO_BEATS_S));
        // The next case gets new nodes: what an outage left behind is no business of its figures.
        lab.reset();
        return List.of(
                clusterDown.row(down),
                readyAgain.row(again),
                new BenchResult(beat, List.of(), beatAgain).withNote(note));
    }

    private void outage(KeycloakPair pair) throws InterruptedException {
        try (ReadinessWatch stock = new ReadinessWatch(pair.stock().cluster().nodes());
                ReadinessWatch evenkeel =
                        new ReadinessWatch(pair.evenkeel().cluster().nodes())) {
            Waits.until(() -> false, BEFORE);
            long returnedNs = stopAndStart();
            awaitBeats(pair.evenkeel());
            Waits.until(() -> false, lab.scale().afterOutage().minusNanos(System.nanoTime() - returnedNs));
            collect(pair.stock(), stock, returnedNs);
            collect(pair.evenkeel(), evenkeel, returnedNs);
        }
        for (KeycloakPeer peer : pair.both()) {
            peer.cluster().nodes().stream()
                    .filter(n -> !n.isAlive())
                    .findFirst()
                    .ifPresent(this::died);
        }
    }

    /** Stock has no beats: only its coordinator writes, for all, every 30 to 45 s. */
    private void awaitBeats(KeycloakPeer peer) throws InterruptedException {
        long startNs = System.nanoTime();
        long returned = peer.table().now();
        int members = peer.cluster().nodes().size();
        if (Waits.until(
                () -> peer.table().writtenSince(returned) >= members,
                lab.scale().afterOutage())) {
            beatAgain.add((System.nanoTime() - startNs) / 1e9);
        } else {
            beatAgain.add(KeycloakPeer.seconds(lab.scale().afterOutage()));
            note = "a member had not beaten at the end of the watch";
        }
        lab.progress().step("Rows written since: " + peer.table().writtenSince(returned) + " of " + members);
    }

    private long stopAndStart() throws InterruptedException {
        lab.progress()
                .step("The database is stopped for " + lab.scale().outage().toSeconds() + " s");
        lab.sandbox().postgres().stop();
        Waits.until(() -> false, lab.scale().outage());
        lab.sandbox().postgres().start();
        lab.progress().step("The database is back");
        return System.nanoTime();
    }

    private void collect(KeycloakPeer peer, ReadinessWatch watch, long returnedNs) {
        watch.silent().ifPresent(node -> {
            throw new RunException(node.name() + " never answered /health/ready.");
        });
        double downS = watch.clusterDownS();
        double unreadyS = watch.lastUnreadyS(returnedNs);
        String state = watch.ready() ? "ready" : "NOT ready at the end of the watch";
        lab.progress()
                .step(peer.contender().label() + ": cluster check DOWN " + downS + " s, last answer other than 200 "
                        + unreadyS + " s after the return, " + state);
        clusterDown.add(peer.contender(), downS);
        readyAgain.add(peer.contender(), unreadyS);
    }

    private void died(KeycloakNode node) {
        throw new RunException(node.name() + " ended during the outage.");
    }
}
