package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.bench.SampleRows;
import io.evenkeel.it.node.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A node in a JVM of its own and many peers in two others. The node is killed and started again: the time from its
 * connect until all peers have its view, and until it has had an answer from each of them over a new connection.
 */
final class StormCase implements Measurement {
    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final String HUB = "hub";
    private static final int PEER_JVMS = 2;
    private static final double MS_PER_NS = 1e-6;

    private final TransportLab lab;

    /** Milliseconds since the connect. */
    private record Sample(double viewMs, double answersMs) {}

    StormCase(TransportLab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        SampleRows<Sample> rows = new SampleRows<>(
                lab.scale().stormPeers() + " peers connect to a restarted node: ",
                Measurement.interleaved(
                        Contender.STOCK_AND_EVENKEEL, lab.scale().rounds(), this::round));
        rows.add("all have its view", "ms", Goal.atMostTimesStock(1), Sample::viewMs);
        rows.add("all have answered it", "ms", Goal.atMostTimesStock(1), Sample::answersMs);
        return rows.rows();
    }

    private Sample round(Contender contender, int round) throws InterruptedException {
        Sample sample = sample(contender);
        lab.progress()
                .step(String.format(
                        "storm, round %d, %s: all have the view after %.0f ms, all have answered after %.0f ms",
                        round, contender.label(), sample.viewMs(), sample.answersMs()));
        return sample;
    }

    private Sample sample(Contender contender) throws InterruptedException {
        int peers = lab.scale().stormPeers();
        List<Integer> ports = IntStream.rangeClosed(0, peers)
                .map(i -> lab.ports().free())
                .boxed()
                .toList();
        List<String> namesAndFiles = new ArrayList<>();
        for (int i = 0; i <= peers; i++) {
            Path file = lab.dir().resolve("storm-" + i + ".xml");
            contender.stack(Optional.of(lab.keys())).write(file, ports.get(i), ports);
            namesAndFiles.add(i == 0 ? HUB : "p" + i);
            namesAndFiles.add(file.toString());
        }
        List<ChildJvm> workers = new ArrayList<>();
        try {
            ChildJvm hub = start(workers, HUB, namesAndFiles.subList(0, 2));
            int each = peers / PEER_JVMS;
            for (int i = 0; i < PEER_JVMS; i++) {
                int from = 2 + 2 * each * i;
                int to = i == PEER_JVMS - 1 ? namesAndFiles.size() : from + 2 * each;
                start(workers, "peers" + i, namesAndFiles.subList(from, to));
            }
            awaitView(workers, peers + 1);
            hub.kill();
            workers.remove(hub);
            awaitView(workers, peers);
            return restart(workers, namesAndFiles.subList(0, 2), peers);
        } finally {
            workers.forEach(ChildJvm::kill);
            workers.forEach(ChildJvm::close);
        }
    }

    private Sample restart(List<ChildJvm> workers, List<String> hubsArguments, int peers) throws InterruptedException {
        List<ChildJvm> others = List.copyOf(workers);
        ChildJvm hub = start(workers, HUB, hubsArguments);
        hub.tell("reach", peers);
        others.forEach(worker -> worker.tell("view", peers + 1));
        List<String> reached = hub.answer("reached", BOUND);
        long connectNs = Long.parseLong(reached.get(0));
        long viewNs = Long.MIN_VALUE;
        for (ChildJvm worker : others) {
            viewNs =
                    Math.max(viewNs, Long.parseLong(worker.answer("view", BOUND).get(0)));
        }
        return new Sample((viewNs - connectNs) * MS_PER_NS, (Long.parseLong(reached.get(1)) - connectNs) * MS_PER_NS);
    }

    private ChildJvm start(List<ChildJvm> workers, String name, List<String> arguments) throws InterruptedException {
        ChildJvm worker = ChildJvm.start(
                List.of(), name, lab.options("512m"), PingWorker.class, arguments.toArray(String[]::new));
        workers.add(worker);
        return worker.awaitReady();
    }

    private static void awaitView(List<ChildJvm> workers, int size) throws InterruptedException {
        workers.forEach(worker -> worker.tell("view", size));
        for (ChildJvm worker : workers) {
            worker.answer("view", BOUND);
        }
    }
}
