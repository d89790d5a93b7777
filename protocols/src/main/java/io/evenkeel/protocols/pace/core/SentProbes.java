package io.evenkeel.protocols.pace.core;

import java.util.ArrayDeque;

/**
 * The probes of one destination that have no answer yet, oldest first.
 *
 * <p>A probe queues behind everything that was sent before it, so its answer acknowledges all of that. Answers may
 * overtake each other; the answer to a later probe settles the earlier ones.
 */
final class SentProbes {
    /** More than this many unanswered probes say nothing that fewer do not. */
    private static final int MAX_PENDING = 64;

    /**
     * One probe.
     *
     * @param number counts up
     * @param sentNs when
     * @param sentBytes all that had been sent to the destination until then
     * @param inFlightBytes what of it was not yet acknowledged
     */
    record Probe(long number, long sentNs, long sentBytes, long inFlightBytes) {}

    private final ArrayDeque<Probe> pending = new ArrayDeque<>();
    private long lastNumber;

    SentProbes(long firstNumber) {
        lastNumber = firstNumber - 1;
    }

    Probe add(long nowNs, long sentBytes, long inFlightBytes) {
        Probe probe = new Probe(++lastNumber, nowNs, sentBytes, inFlightBytes);
        if (pending.size() == MAX_PENDING) {
            pending.removeFirst();
        }
        pending.addLast(probe);
        return probe;
    }

    /** Takes out the probe and all before it; null if it is not pending (any more). */
    Probe settle(long number) {
        if (pending.stream().noneMatch(probe -> probe.number() == number)) {
            return null;
        }
        Probe probe = pending.removeFirst();
        while (probe.number() != number) {
            probe = pending.removeFirst();
        }
        return probe;
    }

    /** The latest one, as long as no answer came to it; else null. */
    Probe latest() {
        return pending.peekLast();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    void clear() {
        pending.clear();
    }

    long lastNumber() {
        return lastNumber;
    }
}
