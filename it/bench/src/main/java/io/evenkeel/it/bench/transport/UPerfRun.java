package io.evenkeel.it.bench.transport;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.RunException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two nodes of one variant, each in a JVM of its own, on loopback. */
final class UPerfRun implements AutoCloseable {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration REPORT_BOUND = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 3;
    private static final Pattern THROUGHPUT = Pattern.compile("Throughput: ([0-9,.]+) reqs/sec/node");

    private final List<ChildJvm> nodes = new ArrayList<>();

    private final TransportLab lab;
    private final Variant variant;

    private UPerfRun(TransportLab lab, Variant variant) {
        this.lab = lab;
        this.variant = variant;
    }

    static UPerfRun start(TransportLab lab, Path javaHome, Variant variant) throws InterruptedException {
        UPerfRun run = new UPerfRun(lab, variant);
        try {
            List<Integer> ports = List.of(lab.ports().free(), lab.ports().free());
            for (int i = 0; i < ports.size(); i++) {
                Path stack = lab.dir().resolve("uperf-" + variant + "-" + i + ".xml");
                variant.stack(lab.keys()).write(stack, ports.get(i), ports);
                ChildJvm node = ChildJvm.start(
                        variant.label() + " " + i,
                        javaHome,
                        lab.options("1g"),
                        UPerfNode.Main.class,
                        stack.toString(),
                        "n" + i);
                run.nodes.add(node);
                node.await(UPerfNode.READY::equals, UPerfNode.READY, START_BOUND);
            }
            return run;
        } catch (RuntimeException | InterruptedException e) {
            run.close();
            throw e;
        }
    }

    /**
     * Runs a load and waits for its end; again if a node is late with its results, as on a machine that others use too.
     */
    Sample load(Load load, int seconds) throws InterruptedException {
        Duration bound = REPORT_BOUND.plusSeconds(2L * seconds);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            nodes.get(0).send(load.threads() + " " + load.bytes() + " " + seconds);
            NodeCost.Figures both = cost(nodes.get(0), bound).plus(cost(nodes.get(1), bound));
            String report = nodes.get(0)
                    .await(
                            line -> line.equals(UPerfNode.LATE)
                                    || THROUGHPUT.matcher(line).find(),
                            "Throughput",
                            bound);
            if (!report.equals(UPerfNode.LATE)) {
                return new Sample(throughput(report), both);
            }
        }
        throw new RunException("UPerf's nodes were late with their results " + ATTEMPTS + " times: " + load);
    }

    /** Runs a load with the Flight Recorder on in one of the nodes. */
    FlameGraph profile(Load load, int seconds) throws InterruptedException {
        ChildJvm node = nodes.get(0);
        Path recording = lab.dir().resolve("uperf.jfr");
        node.send(UPerfNode.RECORD + " " + recording);
        Sample sample = load(load, seconds);
        node.send(UPerfNode.RECORDED);
        node.await(UPerfNode.RECORDED::equals, "the recording", REPORT_BOUND);
        return new FlameGraph(
                recording,
                String.format("%s, %s: %,.0f requests/s a node", variant.label(), load, sample.throughput()));
    }

    private static NodeCost.Figures cost(ChildJvm node, Duration bound) throws InterruptedException {
        return NodeCost.Figures.of(node.await(NodeCost.Figures::isOne, "its cost", bound));
    }

    private static double throughput(String line) {
        Matcher matcher = THROUGHPUT.matcher(line);
        if (!matcher.find()) {
            throw new RunException("UPerf's report has another form: " + line);
        }
        return Double.parseDouble(matcher.group(1).replace(",", ""));
    }

    @Override
    public void close() {
        // The coordinator last: its successor would have to be made for nothing.
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
    }

    /** The work of UPerf's senders. */
    record Load(int threads, int bytes) {
        @Override
        public String toString() {
            return String.format("%,d bytes, %d sender%s", bytes, threads, threads == 1 ? "" : "s");
        }
    }

    /** A run's throughput as UPerf reports it, requests/s per node, and what it cost. */
    record Sample(double throughput, NodeCost.Figures cost) {
        double p99Us() {
            return cost.roundTrips().percentileMs(99) * 1000;
        }

        double cpuUs() {
            return cost.cpuNs() / 1000.0 / cost.requests();
        }

        double allocatedBytes() {
            return (double) cost.bytes() / cost.requests();
        }
    }
}
