package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.transport.UPerfRun.Load;
import io.evenkeel.it.bench.transport.UPerfRun.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * JGroups' UPerf between two nodes. Every round starts a pair of JVMs for each variant in turn, warms it up, and runs all
 * loads in it, each one twice: the second run counts.
 */
final class UPerfCase implements TransportCase.Measurement {
    private static final double AS_FAST = 1.0;
    private static final double FASTER_THAN_TLS = 1.35;
    private static final double FASTER_IN_CLEAR = 1.1;

    private final TransportLab lab;

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
        return results;
    }

    private List<BenchResult> measure(String jdk, Path javaHome) throws InterruptedException {
        List<Load> loads = lab.scale().loads();
        Map<Load, Map<Variant, List<Sample>>> samples = new HashMap<>();
        loads.forEach(load -> samples.put(load, new EnumMap<>(Variant.class)));
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            for (Variant variant : TransportLab.inTurn(lab.scale().variants(), round)) {
                lab.progress()
                        .step(jdk + ", round " + round + " of " + lab.scale().rounds() + ": " + variant.label());
                for (Map.Entry<Load, Sample> each :
                        run(javaHome, variant, loads).entrySet()) {
                    samples.get(each.getKey())
                            .computeIfAbsent(variant, v -> new ArrayList<>())
                            .add(each.getValue());
                }
            }
        }
        List<BenchResult> results = new ArrayList<>();
        loads.forEach(load -> results.addAll(rows(jdk + ", " + load, samples.get(load))));
        return results;
    }

    private Map<Load, Sample> run(Path javaHome, Variant variant, List<Load> loads) throws InterruptedException {
        Map<Load, Sample> measured = new HashMap<>();
        TransportScale scale = lab.scale();
        try (UPerfRun run = UPerfRun.start(lab, javaHome, variant)) {
            run.load(loads.get(0), scale.jitSeconds());
            for (Load load : loads) {
                run.load(load, scale.warmUpSeconds());
                Sample sample = run.load(load, scale.runSeconds());
                measured.put(load, sample);
                lab.progress()
                        .step(String.format(
                                "  %s: %,.0f requests/s, p99 %,.0f us, %.1f us of CPU, %,.0f bytes allocated",
                                load, sample.throughput(), sample.p99Us(), sample.cpuUs(), sample.allocatedBytes()));
            }
        }
        return measured;
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
        rows.add(row(both, "requests/s per node", more, samples.get(stock), samples.get(own), Sample::throughput));
        rows.add(row(both, "us, p99 round trip", less, samples.get(stock), samples.get(own), Sample::p99Us));
        rows.add(row(both, "us CPU/request", Goal.none(), samples.get(stock), samples.get(own), Sample::cpuUs));
        rows.add(row(
                both,
                "bytes allocated/request",
                Goal.none(),
                samples.get(stock),
                samples.get(own),
                Sample::allocatedBytes));
    }

    private static BenchResult row(
            String name, String unit, Goal goal, List<Sample> stock, List<Sample> own, ToDoubleFunction<Sample> value) {
        return new BenchResult(
                new BenchCase(name, unit, goal),
                stock.stream().map(value::applyAsDouble).toList(),
                own.stream().map(value::applyAsDouble).toList());
    }
}
