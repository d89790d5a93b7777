package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.Machine;
import io.evenkeel.it.node.ShapedNetwork;
import java.util.Locale;

/** The facts with which figures have to be read. */
final class Conditions {
    private Conditions() {}

    static String line(StateScale scale) {
        return String.format(
                Locale.ROOT,
                "%s, %s, %s, TCP %s; %,d entries of 1 KiB in each of 2 caches, rounds: %d",
                Machine.words(),
                scale.collector().label(),
                scale.tls() ? "mutual TLS" : "clear text",
                ShapedNetwork.congestionControl(),
                scale.entries(),
                scale.rounds());
    }
}
