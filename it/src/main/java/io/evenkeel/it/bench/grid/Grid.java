package io.evenkeel.it.bench.grid;

import io.evenkeel.it.bench.worker.RoundTrips;
import io.evenkeel.it.bench.worker.StackXml;
import io.evenkeel.it.bench.worker.Worker;
import io.evenkeel.it.node.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Infinispan nodes in JVMs of their own on loopback, named g0, g1 and so on. One thread uses it. */
public final class Grid implements AutoCloseable {
    private static final Duration FILL_BOUND = Duration.ofMinutes(5);
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final String ADDRESS = "127.0.0.1";

    private final Path dir;
    private final StackXml stack;
    private final GridSpec spec;
    private final List<String> options;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Worker> nodes = new ArrayList<>();

    /** What a load saw, and how many of its requests failed. */
    public record Outcome(RoundTrips trips, long failed) {
        Outcome plus(Outcome other) {
            return new Outcome(trips.plus(other.trips), failed + other.failed);
        }
    }

    /**
     * No node yet.
     *
     * @param places how many nodes there may be
     * @param options of each JVM
     */
    public Grid(Path dir, Ports ports, StackXml stack, GridSpec spec, int places, List<String> options) {
        this.dir = dir;
        this.stack = stack;
        this.spec = spec;
        this.options = List.copyOf(options);
        for (int i = 0; i < places; i++) {
            this.ports.add(ports.free());
        }
    }

    /** Starts the next node and waits until all see it, state and all: one that joined late would have been a grid of its own. */
    public Worker join() throws InterruptedException {
        Worker joiner = joining().awaitReady();
        for (Worker node : nodes) {
            viewNs(node, nodes.size());
            settledNs(node, nodes.size());
        }
        return joiner;
    }

    /** Starts the next node and does not wait. */
    public Worker joining() {
        int index = nodes.size();
        Path file = dir.resolve("grid-" + index + ".xml");
        String hosts = ports.stream().map(port -> ADDRESS + "[" + port + "]").collect(Collectors.joining(","));
        stack.write(file, ADDRESS, ports.get(index), hosts);
        List<String> arguments = new ArrayList<>(List.of("g" + index, file.toString()));
        arguments.addAll(spec.encode());
        Worker node = Worker.start("g" + index, List.of(), options, GridWorker.class, arguments.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    public Worker node(int index) {
        return nodes.get(index);
    }

    /** Puts so many entries into each cache, every node an equal part. */
    public void fill(int entries, int bytes) throws InterruptedException {
        for (int i = 0; i < nodes.size(); i++) {
            int from = (int) ((long) entries * i / nodes.size());
            int end = (int) ((long) entries * (i + 1) / nodes.size());
            nodes.get(i).tell("fill", from, end, bytes);
        }
        for (Worker node : nodes) {
            node.answer("filled", FILL_BOUND);
        }
    }

    /** Begins a load on these nodes and returns at once. */
    public static void begin(List<Worker> nodes, GridLoad load, Duration duration) {
        for (Worker node : nodes) {
            List<Object> words = new ArrayList<>(List.of("load"));
            words.addAll(load.words());
            words.add(duration.toMillis());
            node.tell(words.toArray());
        }
    }

    /** Waits for the end of it. */
    public static Outcome end(List<Worker> nodes, Duration duration) throws InterruptedException {
        Outcome all = new Outcome(RoundTrips.none(), 0);
        for (Worker node : nodes) {
            List<String> words = node.answer("loaded", duration.plus(BOUND));
            all = all.plus(
                    new Outcome(RoundTrips.decode(words.subList(1, words.size())), Long.parseLong(words.get(0))));
        }
        return all;
    }

    /** When a node got its view of that size, in System.nanoTime(), which all JVMs of a Linux host share; waits for it. */
    public static long viewNs(Worker node, int size) throws InterruptedException {
        node.tell("view", size);
        return Long.parseLong(node.answer("view", BOUND).get(0));
    }

    /** When all entries had their owners among so many nodes, as that node sees it; waits for it. */
    public static long settledNs(Worker node, int size) throws InterruptedException {
        node.tell("settle", size);
        return Long.parseLong(node.answer("settled", BOUND).get(0));
    }

    /** How many entries there are in all caches. */
    public static long entries(Worker node) throws InterruptedException {
        node.tell("entries");
        return Long.parseLong(node.answer("entries", BOUND).get(0));
    }

    @Override
    public void close() {
        nodes.forEach(Worker::kill);
        nodes.forEach(Worker::close);
    }
}
