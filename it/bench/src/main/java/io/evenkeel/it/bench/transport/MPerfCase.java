package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.RunException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JGroups' MPerf between eight nodes, all of which send to all. Every round starts eight JVMs for each variant in turn;
 * the second of two runs in them counts.
 */
final class MPerfCase implements Measurement {
    static final int NODES = 8;
    private static final int SENDERS = 4;
    private static final int BYTES = 1_000;
    private static final List<Variant> VARIANTS =
            List.of(Variant.STOCK_CLEAR, Variant.STOCK_TLS, Variant.NETTY_TLS, Variant.NETTY_CLEAR);
    private static final Duration START_BOUND = Duration.ofSeconds(90);
    private static final Pattern RATE = Pattern.compile("Average/node: .* msgs/sec=([0-9,.]+)");

    private final TransportLab lab;

    MPerfCase(TransportLab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        Map<Variant, List<Double>> rates =
                Measurement.interleaved(VARIANTS, lab.scale().rounds(), this::round);
        return List.of(
                row(rates, Variant.STOCK_TLS, Variant.NETTY_TLS, Goal.atLeastTimesStock(1.0)),
                row(rates, Variant.STOCK_CLEAR, Variant.NETTY_CLEAR, Goal.atLeastTimesStock(1.0)),
                row(rates, Variant.STOCK_CLEAR, Variant.NETTY_TLS, Goal.none()));
    }

    private static BenchResult row(Map<Variant, List<Double>> rates, Variant stock, Variant own, Goal goal) {
        String name = String.format(
                "%d nodes, %,d bytes, %d senders each: %s by %s", NODES, BYTES, SENDERS, own.label(), stock.label());
        return new BenchResult(
                new BenchCase(name, "messages/s received per node", goal), rates.get(stock), rates.get(own));
    }

    private double round(Variant variant, int round) throws InterruptedException {
        lab.progress().step("mperf, round " + round + " of " + lab.scale().rounds() + ": " + variant.label());
        double rate = rate(variant);
        lab.progress().step(String.format("  %,.0f messages/s received per node", rate));
        return rate;
    }

    private double rate(Variant variant) throws InterruptedException {
        List<ChildJvm> nodes = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                ports.add(lab.ports().free());
            }
            for (int i = 0; i < NODES; i++) {
                nodes.add(start(variant, i, ports));
            }
            run(nodes.get(0));
            return run(nodes.get(0));
        } finally {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                nodes.get(i).close();
            }
        }
    }

    private ChildJvm start(Variant variant, int index, List<Integer> ports) throws InterruptedException {
        Path stack = lab.dir().resolve("mperf-" + index + ".xml");
        variant.stack(lab.keys()).write(stack, ports.get(index), ports);
        ChildJvm node = ChildJvm.start(
                variant.label() + " " + index,
                lab.javaHome(),
                lab.options("512m"),
                MPerfNode.Main.class,
                stack.toString(),
                "n" + index,
                Integer.toString(SENDERS),
                Integer.toString(BYTES),
                Integer.toString(lab.scale().multicastSeconds()));
        try {
            node.await(MPerfNode.READY::equals, MPerfNode.READY, START_BOUND);
            return node;
        } catch (RuntimeException | InterruptedException e) {
            node.close();
            throw e;
        }
    }

    private double run(ChildJvm coordinator) throws InterruptedException {
        coordinator.send("run");
        Duration bound = START_BOUND.plusSeconds(2L * lab.scale().multicastSeconds());
        String report = coordinator.await(line -> RATE.matcher(line).find(), "Average/node", bound);
        Matcher matcher = RATE.matcher(report);
        if (!matcher.find()) {
            throw new RunException("MPerf's report has another form: " + report);
        }
        return Double.parseDouble(matcher.group(1).replace(",", ""));
    }
}
