package io.evenkeel.protocols.pacing.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** Events in the order of their time, then in the order in which they were made: the same seed, the same run. */
final class Simulation {
    private record Event(long atNs, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNs).thenComparingLong(Event::number));
    private final Random random;
    private long nowNs;
    private long made;

    Simulation(long seed) {
        random = new Random(seed);
    }

    void at(long atNs, Runnable action) {
        events.add(new Event(Math.max(atNs, nowNs), made++, action));
    }

    void after(long delayNs, Runnable action) {
        at(nowNs + delayNs, action);
    }

    void run(long untilNs) {
        while (!events.isEmpty() && events.peek().atNs() <= untilNs) {
            Event event = events.poll();
            nowNs = event.atNs();
            event.action().run();
        }
        nowNs = untilNs;
    }

    long nowNs() {
        return nowNs;
    }

    Random random() {
        return random;
    }
}
