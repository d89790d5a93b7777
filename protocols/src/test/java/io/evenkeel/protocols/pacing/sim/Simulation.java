package io.evenkeel.protocols.pacing.sim;

import io.evenkeel.protocols.EventQueue;
import java.util.Random;

/** The events of a course, in nanoseconds, and the randomness of it. */
final class Simulation extends EventQueue {
    private final Random random;

    Simulation(long seed) {
        random = new Random(seed);
    }

    long nowNs() {
        return now();
    }

    Random random() {
        return random;
    }
}
