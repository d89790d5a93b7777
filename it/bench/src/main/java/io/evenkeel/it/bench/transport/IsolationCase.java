package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.transport.PingCluster.Load;
import io.evenkeel.it.bench.transport.PingCluster.Place;
import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.NetworkNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Three nodes on this host and a fourth in a network namespace, each in a JVM of its own; all ping all. Then the fourth
 * gets into trouble, and the others begin to send it state. The round trips among the three count, before it and during
 * it.
 */
final class IsolationCase implements Measurement {
    /** Infinispan's default, where all members wait in one queue. */
    private static final String ONE_QUEUE = "stock, transfer-queue bundler";
    /** JGroups' answer to that. */
    private static final String PER_DESTINATION = "stock, per-destination bundler";

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
        Map<String, StackXml> stacks = stacks();
        Map<String, List<Sample>> samples = Measurement.interleaved(
                List.copyOf(stacks.keySet()), lab.scale().rounds(), (name, round) -> {
                    Sample sample = sample(stacks.get(name));
                    lab.progress().step(trouble.label() + ", round " + round + ", " + name);
                    lab.progress().step("  quiet:  " + sample.quiet());
                    lab.progress().step("  during: " + sample.during());
                    return sample;
                });
        List<BenchResult> rows = new ArrayList<>();
        for (String bundler : List.of(ONE_QUEUE, PER_DESTINATION)) {
            List<Sample> stock = samples.get(bundler);
            List<Sample> own = samples.get(Contender.EVENKEEL.label());
            String name = trouble.label() + ", beside " + bundler + ": ";
            rows.add(BenchResult.of(name + "p99, quiet", "ms", Goal.none(), stock, own, s -> s.quiet()
                    .percentileMs(99)));
            rows.add(BenchResult.of(
                    name + "p99", "ms", Goal.none(), stock, own, s -> s.during().percentileMs(99)));
            rows.add(BenchResult.of(name + "p99", "x quiet", Goal.atMost(TIMES_QUIET), stock, own, Sample::timesQuiet));
            rows.add(BenchResult.of(name + "max", "ms", Goal.atMost(MAX_MS), stock, own, s -> s.during()
                    .maxMs()));
        }
        return rows;
    }

    private Map<String, StackXml> stacks() {
        Optional<KeyFiles> keys = Optional.of(lab.keys());
        StackXml stock = Contender.STOCK.stack(keys);
        Map<String, StackXml> stacks = new LinkedHashMap<>();
        stacks.put(ONE_QUEUE, stock);
        stacks.put(PER_DESTINATION, stock.withTransport(Map.of("bundler_type", "per-destination")));
        stacks.put(Contender.EVENKEEL.label(), Contender.EVENKEEL.stack(keys));
        return stacks;
    }

    private Sample sample(StackXml stack) throws InterruptedException {
        try (NetworkNamespace namespace = NetworkNamespace.create(lab.random())) {
            Place here = Place.of(namespace.hostAddress());
            Place there = new Place(namespace.innerAddress(), namespace.inside());
            try (PingCluster cluster = PingCluster.start(lab, stack, List.of(here, here, here, there))) {
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
