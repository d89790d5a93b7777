package io.evenkeel.it.bench.transport;

import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** JGroups members that ping each other, each in a JVM of its own, named n0, n1 and so on. One thread uses it. */
final class PingCluster implements AutoCloseable {
    private static final Duration VIEW_BOUND = Duration.ofSeconds(60);
    /** Stock's senders stand still for minutes when a peer does. */
    private static final Duration ANSWER_BOUND = Duration.ofMinutes(5);

    /**
     * Where a node runs.
     *
     * @param through a command to put before it, or nothing
     */
    record Place(String address, List<String> through) {
        static Place of(String address) {
            return new Place(address, List.of());
        }
    }

    /** The traffic from each node to each other one. */
    record Load(double ratePerS, int bytes) {}

    private final List<ChildJvm> nodes = new ArrayList<>();

    private PingCluster() {}

    /** Starts one node after the other and waits until all see all. */
    static PingCluster start(TransportLab lab, StackXml stack, List<Place> places) throws InterruptedException {
        PingCluster cluster = new PingCluster();
        List<Integer> ports = places.stream().map(place -> lab.ports().free()).toList();
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            hosts.add(places.get(i).address() + "[" + ports.get(i) + "]");
        }
        try {
            for (int i = 0; i < places.size(); i++) {
                Path file = lab.dir().resolve("ping-" + i + ".xml");
                stack.write(file, places.get(i).address(), ports.get(i), String.join(",", hosts));
                String name = name(i);
                cluster.nodes.add(ChildJvm.start(
                                places.get(i).through(),
                                name,
                                lab.options("512m"),
                                PingWorker.class,
                                name,
                                file.toString())
                        .awaitReady());
            }
            cluster.awaitView(places.size());
            return cluster;
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    private static String name(int index) {
        return "n" + index;
    }

    void awaitView(int size) throws InterruptedException {
        for (ChildJvm node : nodes) {
            node.tell("view", size);
        }
        for (ChildJvm node : nodes) {
            node.answer("view", VIEW_BOUND);
        }
    }

    ChildJvm node(int index) {
        return nodes.get(index);
    }

    int size() {
        return nodes.size();
    }

    /** The first so many nodes ping each other, and the rest if it is not theirs to be measured; returns at once. */
    void begin(Load load, int measured, Duration duration) {
        for (int i = 0; i < measured; i++) {
            ping(i, "among", load, 0, measured, duration);
            if (measured < nodes.size()) {
                ping(i, "beyond", load, measured, nodes.size(), duration);
            }
        }
    }

    private void ping(int from, String name, Load load, int first, int end, Duration duration) {
        String peers = IntStream.range(first, end)
                .filter(i -> i != from)
                .mapToObj(PingCluster::name)
                .collect(Collectors.joining(","));
        nodes.get(from).tell("ping", name, load.ratePerS(), load.bytes(), duration.toMillis(), peers);
    }

    /** Waits for the end of what was begun and returns the round trips among those that are measured. */
    RoundTrips end(int measured, Duration duration) throws InterruptedException {
        RoundTrips all = RoundTrips.none();
        for (int i = 0; i < measured; i++) {
            all = all.plus(RoundTrips.decode(nodes.get(i).answer("pinged-among", duration.plus(ANSWER_BOUND))));
        }
        return all;
    }

    @Override
    public void close() {
        // No time for goodbyes, and a stopped one hears no other word.
        nodes.forEach(ChildJvm::kill);
        nodes.forEach(ChildJvm::close);
    }
}
