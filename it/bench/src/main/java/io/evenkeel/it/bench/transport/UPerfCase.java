package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.transport.UPerfRun.Load;
import io.evenkeel.it.bench.transport.UPerfRun.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * JGroups' UPerf between two nodes. Each variant has a pair of JVMs, which stay for all rounds: in a round every pair
 * runs the load in turn, seconds apart, so that a machine that is slow for a while is slow for all.
 */
final class UPerfCase implements Measurement {
    private static final double AS_FAST = 1.0;
    private static final double FASTER_THAN_TLS = 1.35;
    private static final double FASTER_IN_CLEAR = 1.1;

    private static final int FLAME_SECONDS = 15;

    private final TransportLab lab;
    private final UPerfChart picture = new UPerfChart();

    UPerfCase(TransportLab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        List<BenchResult> results =
                new ArrayList<>(measure("JDK " + Runtime.version().feature(), lab.javaHome()));
        if (lab.scale().jdk25().isPresent()) {
            results.addAll(measure("JDK 25", lab.scale().jdk25().get()));
        } else {
            results.add(BenchResult.notMeasured(
                    new BenchCase("JDK 25", "requests/s per node", Goal.none()), "not measured: no --jdk25"));
        }
        lab.scale().svg().ifPresent(picture::write);
        return results;
    }

    private List<BenchResult> measure(String jdk, Path javaHome) throws InterruptedException {
        List<BenchResult> results = new ArrayList<>();
        try (UPerfPairs pairs = new UPerfPairs(lab, javaHome)) {
            lab.progress().step(jdk + ": starts and warms up");
            pairs.warmUp(lab.scale().loads().get(0), lab.scale().jitSeconds());
            for (Load load : lab.scale().loads()) {
                Map<Variant, List<Sample>> samples = measure(jdk + ", " + load, pairs, load);
                picture.add(jdk + ", " + load, samples);
                results.addAll(rows(jdk + ", " + load, samples));
            }
            // Of the first JDK only: one picture, one file.
            if (lab.scale().flameGraph().isPresent() && javaHome.equals(lab.javaHome())) {
                pairs.profile(Variant.NETTY_TLS, lab.scale().loads().get(0), FLAME_SECONDS)
                        .writeTo(lab.scale().flameGraph().get());
            }
        }
        return results;
    }

    private Map<Variant, List<Sample>> measure(String name, UPerfPairs pairs, Load load) throws InterruptedException {
        pairs.warmUp(load, lab.scale().warmUpSeconds());
        return Measurement.interleaved(lab.scale().variants(), lab.scale().rounds(), (variant, round) -> {
            Sample sample = pairs.run(variant, load, lab.scale().runSeconds());
            lab.progress()
                    .step(String.format(
                            "%s, round %d, %s: %,.0f requests/s, p99 %,.0f us, %.1f us of CPU, %,.0f bytes"
                                    + " allocated",
                            name,
                            round,
                            variant.label(),
                            sample.throughput(),
                            sample.p99Us(),
                            sample.cpuUs(),
                            sample.allocatedBytes()));
            return sample;
        });
    }

    private List<BenchResult> rows(String name, Map<Variant, List<Sample>> samples) {
        List<BenchResult> rows = new ArrayList<>();
        compare(rows, name, samples, Variant.STOCK_CLEAR, Variant.NETTY_TLS, AS_FAST);
        compare(rows, name, samples, Variant.STOCK_TLS, Variant.NETTY_TLS, FASTER_THAN_TLS);
        compare(rows, name, samples, Variant.STOCK_CLEAR, Variant.NETTY_CLEAR, FASTER_IN_CLEAR);
        compare(rows, name, samples, Variant.STOCK_TLS, Variant.NETTY_JDK_TLS, AS_FAST);
        return rows;
    }

    private static void compare(
            List<BenchResult> rows,
            String name,
            Map<Variant, List<Sample>> samples,
            Variant stock,
            Variant own,
            double factor) {
        if (!samples.containsKey(stock) || !samples.containsKey(own)) {
            return;
        }
        String both = name + ": " + own.label() + " by " + stock.label();
        Goal more = Goal.atLeastTimesStock(factor);
        Goal less = Goal.atMostTimesStock(1 / factor);
        rows.add(BenchResult.of(
                both, "requests/s per node", more, samples.get(stock), samples.get(own), Sample::throughput));
        rows.add(BenchResult.of(both, "us, p99 round trip", less, samples.get(stock), samples.get(own), Sample::p99Us));
        rows.add(BenchResult.of(
                both, "us CPU/request", Goal.none(), samples.get(stock), samples.get(own), Sample::cpuUs));
        rows.add(BenchResult.of(
                both,
                "bytes allocated/request",
                Goal.none(),
                samples.get(stock),
                samples.get(own),
                Sample::allocatedBytes));
    }
}
