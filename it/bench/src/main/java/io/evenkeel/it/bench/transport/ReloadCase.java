package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.transport.PingCluster.Load;
import io.evenkeel.it.bench.transport.PingCluster.Place;
import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.RunException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Three nodes ping each other while their key store is replaced every six seconds, and cut off in between. Once,
 * whatever the rounds. JGroups' TCP reads its key stores at the start only, so there is no peer.
 */
final class ReloadCase implements Measurement {
    private static final int NODES = 3;
    private static final Load LOAD = new Load(200, 1_000);
    private static final Duration STEP = Duration.ofSeconds(3);
    private static final Duration NOTICE_BOUND = Duration.ofSeconds(20);
    private static final Duration SLACK = Duration.ofSeconds(5);
    private static final long POLL_MS = 100;
    private static final Map<String, String> PACE = Map.of("reload_interval", "500ms", "reload_debounce", "500ms");

    private final TransportLab lab;

    ReloadCase(TransportLab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        Path dir = lab.dir();
        RenewableKeys keys = new RenewableKeys(dir, lab.random());
        StackXml stack = StackXml.evenkeel(keys.files().attributes()).withTransport(PACE);
        Place here = Place.of("127.0.0.1");
        try (PingCluster cluster = PingCluster.start(lab, stack, List.of(here, here, here))) {
            Duration warmUp = lab.scale().pingWarmUp();
            cluster.begin(LOAD, NODES, warmUp);
            cluster.end(NODES, warmUp);
            return measure(cluster, keys);
        }
    }

    private List<BenchResult> measure(PingCluster cluster, RenewableKeys keys) throws InterruptedException {
        int reloads = lab.scale().reloads();
        Duration duration = STEP.multipliedBy(2L * reloads).plus(SLACK);
        long viewsBefore = sum(cluster, "views");
        long handshakesBefore = sum(cluster, "attribute getHandshakesOk");
        cluster.begin(LOAD, NODES, duration);
        for (int i = 1; i <= reloads; i++) {
            int count = i;
            change(keys::spoil, () -> all(cluster, "attribute getReloadsFailed", count), "bad file " + i);
            change(keys::renew, () -> all(cluster, "attribute getReloadsOk", count), "certificate " + i);
        }
        RoundTrips trips = cluster.end(NODES, duration);
        lab.progress().step("reload: " + trips);
        long views = sum(cluster, "views") - viewsBefore;
        long handshakes = sum(cluster, "attribute getHandshakesOk") - handshakesBefore;
        long badInUse = sum(cluster, "attribute getReloadsOk") - (long) NODES * reloads;
        String name = reloads + " new certificates and " + reloads + " bad files in " + duration.toSeconds() + " s: ";
        Goal zero = Goal.atMost(0);
        return List.of(
                BenchResult.alone(
                        name + "failed requests of " + trips.timesNs().getTotalCount(), "requests", zero, (double)
                                trips.unanswered()),
                BenchResult.alone(name + "view changes", "views", zero, (double) views),
                BenchResult.alone(name + "bad files in use", "files", zero, (double) badInUse),
                // Three pairs, and both ends count.
                BenchResult.alone(
                        name + "connections renewed", "ends", Goal.atLeast(2.0 * NODES * reloads), (double) handshakes),
                BenchResult.alone(name + "p99", "ms", Goal.none(), trips.percentileMs(99)),
                BenchResult.alone(name + "max", "ms", Goal.none(), trips.maxMs()));
    }

    /** A change, and the time until the next one, in which all nodes have to take notice. */
    private void change(Runnable change, Noticed noticed, String what) throws InterruptedException {
        long endNs = System.nanoTime() + STEP.toNanos();
        change.run();
        long boundNs = System.nanoTime() + NOTICE_BOUND.toNanos();
        while (!noticed.everywhere()) {
            if (System.nanoTime() - boundNs > 0) {
                throw new RunException(
                        "not all nodes have noticed " + what + " within " + NOTICE_BOUND.toSeconds() + " s");
            }
            Thread.sleep(POLL_MS);
        }
        Thread.sleep(Math.max(0, Duration.ofNanos(endNs - System.nanoTime()).toMillis()));
    }

    private interface Noticed {
        boolean everywhere() throws InterruptedException;
    }

    private static boolean all(PingCluster cluster, String question, long count) throws InterruptedException {
        for (int i = 0; i < cluster.size(); i++) {
            if (ask(cluster.node(i), question) < count) {
                return false;
            }
        }
        return true;
    }

    private static long sum(PingCluster cluster, String question) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < cluster.size(); i++) {
            sum += ask(cluster.node(i), question);
        }
        return sum;
    }

    private static long ask(ChildJvm node, String question) throws InterruptedException {
        node.tell(question);
        return Long.parseLong(
                node.answer(question.split(" ", -1)[0], NOTICE_BOUND).get(0));
    }
}
