package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.transport.PingCluster.Load;
import io.evenkeel.it.bench.transport.PingCluster.Place;
import io.evenkeel.it.bench.worker.RoundTrips;
import io.evenkeel.it.node.NetworkNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Three nodes on this host and a fourth in a network namespace, each in a JVM of its own; all ping all. Then the fourth
 * gets into trouble, and the others begin to send it state. The round trips among the three count, before it and during
 * it.
 */
final class IsolationCase implements Measurement<BenchResult> {
    private static final int HEALTHY = 3;
    private static final Load LOAD = new Load(200, 1_000);
    /** A chunk of Infinispan's of 512 entries of 1 KiB; one in flight for each of two caches. */
    private static final int CHUNK_BYTES = 543_000;

    private static final int CHUNKS_IN_FLIGHT = 2;
    private static final double TIMES_QUIET = 2;
    private static final double MAX_MS = 50;

    private final TransportLab lab;
    private final Trouble trouble;

    /** Before and during. */
    private record Sample(RoundTrips quiet, RoundTrips during) {
        double timesQuiet() {
            return during.percentileMs(99) / quiet.percentileMs(99);
        }
    }

    IsolationCase(TransportLab lab, Trouble trouble) {
        this.lab = lab;
        this.trouble = trouble;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        Optional<String> obstacle = NetworkNamespace.obstacle();
        if (obstacle.isPresent()) {
            return List.of(BenchResult.notMeasured(trouble.label(), "not measured: " + obstacle.get()));
        }
        Map<Rival, List<Sample>> samples = new EnumMap<>(Rival.class);
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            for (Rival rival : Rival.inTurn(List.of(Rival.values()), round)) {
                Sample sample = sample(rival);
                samples.computeIfAbsent(rival, r -> new ArrayList<>()).add(sample);
                lab.progress().step(trouble.label() + ", round " + round + ", " + rival.label());
                lab.progress().step("  quiet:  " + sample.quiet());
                lab.progress().step("  during: " + sample.during());
            }
        }
        List<BenchResult> rows = new ArrayList<>();
        for (Rival rival : List.of(Rival.STOCK, Rival.STOCK_PER_DESTINATION)) {
            List<Sample> stock = samples.get(rival);
            List<Sample> own = samples.get(Rival.EVENKEEL);
            String name = trouble.label() + ", beside " + rival.label() + ": ";
            rows.add(row(name + "p99, quiet", "ms", Goal.none(), stock, own, s -> s.quiet()
                    .percentileMs(99)));
            rows.add(row(
                    name + "p99", "ms", Goal.none(), stock, own, s -> s.during().percentileMs(99)));
            rows.add(row(name + "p99", "x quiet", Goal.atMost(TIMES_QUIET), stock, own, Sample::timesQuiet));
            rows.add(row(name + "max", "ms", Goal.atMost(MAX_MS), stock, own, s -> s.during()
                    .maxMs()));
        }
        return rows;
    }

    private static BenchResult row(
            String name, String unit, Goal goal, List<Sample> stock, List<Sample> own, ToDoubleFunction<Sample> value) {
        return new BenchResult(
                new BenchCase(name, unit, goal),
                stock.stream().map(value::applyAsDouble).toList(),
                own.stream().map(value::applyAsDouble).toList());
    }

    private Sample sample(Rival rival) throws InterruptedException {
        try (NetworkNamespace namespace = NetworkNamespace.create(lab.random())) {
            Place here = Place.of(namespace.hostAddress());
            Place there = new Place(namespace.innerAddress(), namespace.inside());
            try (PingCluster cluster =
                    PingCluster.start(lab, rival.stack(lab.keys()), List.of(here, here, here, there))) {
                load(cluster, lab.scale().pingWarmUp());
                RoundTrips quiet = load(cluster, lab.scale().pingRun());
                cluster.begin(LOAD, HEALTHY, lab.scale().troubleRun());
                trouble.befall(cluster.node(HEALTHY), namespace);
                for (int i = 0; i < HEALTHY; i++) {
                    cluster.node(i).tell("bulk", "n" + HEALTHY, CHUNK_BYTES, CHUNKS_IN_FLIGHT);
                }
                return new Sample(quiet, cluster.end(HEALTHY, lab.scale().troubleRun()));
            }
        }
    }

    private static RoundTrips load(PingCluster cluster, Duration duration) throws InterruptedException {
        cluster.begin(LOAD, HEALTHY, duration);
        return cluster.end(HEALTHY, duration);
    }
}
