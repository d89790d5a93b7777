package io.evenkeel.it.bench.grid;

import io.evenkeel.it.node.Ports;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a node of a grid runs.
 *
 * @param through what is put before its command, such as a network namespace; empty for nothing
 */
public record GridPlace(List<String> through, String address, int port) {
    private static final String LOOPBACK = "127.0.0.1";

    public GridPlace {
        through = List.copyOf(through);
    }

    /** The same place, with these words first. */
    public GridPlace behind(List<String> words) {
        return new GridPlace(Stream.concat(words.stream(), through.stream()).toList(), address, port);
    }

    /** Creates places on loopback, which no cable limits. */
    public static List<GridPlace> onLoopback(Ports ports, int count) {
        return Stream.generate(() -> new GridPlace(List.of(), LOOPBACK, ports.free()))
                .limit(count)
                .toList();
    }
}
