package io.evenkeel.it.bench.grid;

import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Infinispan nodes in JVMs of their own, named g0, g1 and so on. One thread uses it. */
public final class Grid implements AutoCloseable {
    private static final Duration FILL_BOUND = Duration.ofMinutes(5);
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final Path dir;
    private final StackXml stack;
    private final GridSpec spec;
    private final List<String> options;
    private final List<GridPlace> places;
    private final List<ChildJvm> nodes = new ArrayList<>();

    /** The observations of a load, and how many of its requests failed. */
    public record Outcome(RoundTrips trips, long failed) {
        /** Both together. */
        public Outcome plus(Outcome other) {
            return new Outcome(trips.plus(other.trips), failed + other.failed);
        }

        @Override
        public String toString() {
            return trips + ", " + failed + " failed";
        }
    }

    /**
     * No node yet.
     *
     * @param places where the nodes are to run, one for each that there may be
     * @param options of each JVM
     */
    public Grid(Path dir, List<GridPlace> places, StackXml stack, GridSpec spec, List<String> options) {
        this.dir = dir;
        this.places = List.copyOf(places);
        // Infinispan leaves it off; turned on later it would miss the state that a joiner gets.
        this.stack = stack.withTransport(Map.of("msg_stats.enabled", "true"));
        this.spec = spec;
        this.options = List.copyOf(options);
    }

    /**
     * Starts the next node and waits until all see it, state and all: one that joined late would have been a grid of
     * its own.
     */
    public ChildJvm join() throws InterruptedException {
        ChildJvm joiner = joining().awaitReady();
        for (ChildJvm node : nodes) {
            viewNs(node, nodes.size());
            settledNs(node, nodes.size());
        }
        return joiner;
    }

    /** Starts the next node and does not wait. */
    public ChildJvm joining() {
        int index = nodes.size();
        Path file = dir.resolve("grid-" + index + ".xml");
        GridPlace place = places.get(index);
        String hosts = places.stream()
                .map(each -> each.address() + "[" + each.port() + "]")
                .collect(Collectors.joining(","));
        stack.write(file, place.address(), place.port(), hosts);
        List<String> arguments = new ArrayList<>(List.of("g" + index, file.toString()));
        arguments.addAll(spec.encode());
        ChildJvm node = ChildJvm.start(
                place.through(), "g" + index, options, GridWorker.class, arguments.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    /**
     * Takes the node that came last out of the grid, as a stop of its cache manager does; its JVM has ended on return.
     */
    public void endLast() throws InterruptedException {
        ChildJvm last = nodes.get(nodes.size() - 1);
        last.answer("left", BOUND);
        last.close();
        nodes.remove(last);
    }

    /** Lets the node that came last begin to leave, and does not wait: {@link #endLast} does. */
    public void leaveLast() {
        nodes.get(nodes.size() - 1).tell("leave");
    }

    public ChildJvm node(int index) {
        return nodes.get(index);
    }

    /** Puts so many entries into each cache, every node an equal part. */
    public void fill(int entries, int bytes) throws InterruptedException {
        for (int i = 0; i < nodes.size(); i++) {
            int from = (int) ((long) entries * i / nodes.size());
            int end = (int) ((long) entries * (i + 1) / nodes.size());
            nodes.get(i).tell("fill", from, end, bytes);
        }
        for (ChildJvm node : nodes) {
            node.answer("filled", FILL_BOUND);
        }
    }

    /** Begins a load on these nodes and returns at once. */
    public static void begin(List<ChildJvm> nodes, GridLoad load, Duration duration) {
        for (ChildJvm node : nodes) {
            List<Object> words = new ArrayList<>(List.of("load"));
            words.addAll(load.words());
            words.add(duration.toMillis());
            node.tell(words.toArray());
        }
    }

    /** Ends it before its time; {@link #end} has to be called all the same. */
    public static void stop(List<ChildJvm> nodes) {
        nodes.forEach(node -> node.tell("stop"));
    }

    /** Waits for the end of it. Lines that were cut off before are not part of the outcome. */
    public static Outcome end(List<ChildJvm> nodes, Duration duration) throws InterruptedException {
        return outcome(nodes, "loaded", duration.plus(BOUND));
    }

    /** The results of a load that goes on, since it began or was last cut. */
    public static Outcome cut(List<ChildJvm> nodes) throws InterruptedException {
        nodes.forEach(node -> node.tell("cut"));
        return outcome(nodes, "cut", BOUND);
    }

    private static Outcome outcome(List<ChildJvm> nodes, String topic, Duration bound) throws InterruptedException {
        Outcome all = new Outcome(RoundTrips.none(), 0);
        for (ChildJvm node : nodes) {
            List<String> words = node.answer(topic, bound);
            all = all.plus(
                    new Outcome(RoundTrips.decode(words.subList(1, words.size())), Long.parseLong(words.get(0))));
        }
        return all;
    }

    /**
     * When a node got its view of that size, in System.nanoTime(), which all JVMs of a Linux host share; waits for it.
     */
    public static long viewNs(ChildJvm node, int size) throws InterruptedException {
        return viewNs(node, size, Long.MIN_VALUE);
    }

    /** The same of a view that came at that time or later. */
    public static long viewNs(ChildJvm node, int size, long sinceNs) throws InterruptedException {
        node.tell("view", size, sinceNs);
        return Long.parseLong(node.answer("view", BOUND).get(0));
    }

    /** When all entries had their owners among so many nodes, as that node sees it; waits for it. */
    public static long settledNs(ChildJvm node, int size) throws InterruptedException {
        node.tell("settle", size);
        return Long.parseLong(node.answer("settled", BOUND).get(0));
    }

    /** The number of entries in all caches. */
    public static long entries(ChildJvm node) throws InterruptedException {
        node.tell("entries");
        return Long.parseLong(node.answer("entries", BOUND).get(0));
    }

    /**
     * The bytes of all messages that these nodes have received since each of them started, as their transports count
     * them.
     */
    public static long receivedBytes(List<ChildJvm> nodes) throws InterruptedException {
        long bytes = 0;
        for (ChildJvm node : nodes) {
            node.tell("received");
            bytes += Long.parseLong(node.answer("received", BOUND).get(0));
        }
        return bytes;
    }

    /** The counts of STATE_FC of these nodes since they were last asked; all zero on a stack without it. */
    public static Pacing pacing(List<ChildJvm> nodes) throws InterruptedException {
        Pacing all = Pacing.NONE;
        for (ChildJvm node : nodes) {
            node.tell("pacing");
            all = all.plus(Pacing.decode(node.answer("pacing", BOUND)));
        }
        return all;
    }

    @Override
    public void close() {
        nodes.forEach(ChildJvm::kill);
        nodes.forEach(ChildJvm::close);
    }
}
