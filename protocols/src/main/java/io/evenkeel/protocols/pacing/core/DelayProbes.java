package io.evenkeel.protocols.pacing.core;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes under way to one destination, and the delay probes among them that have no answer yet, oldest first.
 *
 * <p>A probe queues behind everything that was sent before it, so its answer acknowledges all of that. Answers may
 * overtake each other; the answer to a later probe settles the earlier ones.
 */
final class DelayProbes {
    /** More than this many unanswered probes say nothing that fewer do not. */
    private static final int MAX_PENDING = 64;

    private record Probe(long number, long sentNs, long sentBytes, long inFlightBytes) {}

    /**
     * The content of an answer.
     *
     * @param number of the probe
     * @param roundTripNs of the probe
     * @param ackedBytes that are known to have arrived now and were not before
     * @param inFlightBytes what was under way when the probe went
     */
    record Answer(long number, long roundTripNs, long ackedBytes, long inFlightBytes) {}

    private final ArrayDeque<Probe> pending = new ArrayDeque<>();
    private long lastNumber;
    private long lastProbeNs;
    private long silentSinceNs;
    private long sentBytes;
    private long ackedBytes;
    private long probedBytes;
    private long lost;

    /** The first probe gets this number. */
    DelayProbes(long firstNumber, long nowNs) {
        lastNumber = firstNumber - 1;
        lastProbeNs = nowNs;
    }

    void onSend(int bytes) {
        sentBytes += bytes;
    }

    /** Notes that a probe goes now; returns its number. */
    long add(long nowNs) {
        silentSinceNs = pending.isEmpty() ? nowNs : silentSinceNs;
        lastProbeNs = nowNs;
        probedBytes = sentBytes;
        if (pending.size() == MAX_PENDING) {
            pending.removeFirst();
        }
        pending.addLast(new Probe(++lastNumber, nowNs, sentBytes, inFlightBytes()));
        return lastNumber;
    }

    /** An answer came: settles the probe and all before it. Null if the probe is not pending (any more). */
    @Nullable Answer settle(long number, long nowNs) {
        if (pending.stream().noneMatch(probe -> probe.number() == number)) {
            return null;
        }
        Probe probe = pending.removeFirst();
        while (probe.number() != number) {
            probe = pending.removeFirst();
        }
        long acked = Math.max(0, probe.sentBytes() - ackedBytes);
        ackedBytes += acked;
        silentSinceNs = nowNs;
        return new Answer(number, nowNs - probe.sentNs(), acked, probe.inFlightBytes());
    }

    /** Counts the latest probe as lost if it went so long ago; returns whether. Its answer counts if it comes yet. */
    boolean giveUpLatest(long afterNs, long nowNs) {
        boolean isLost = sinceLastProbeNs(nowNs) >= afterNs;
        lost += isLost ? 1 : 0;
        return isLost;
    }

    long lost() {
        return lost;
    }

    void resetLost() {
        lost = 0;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Answers to what was asked until now count no more. */
    void forget(long nowNs) {
        pending.clear();
        lastProbeNs = nowNs;
    }

    long inFlightBytes() {
        return sentBytes - ackedBytes;
    }

    long unprobedBytes() {
        return sentBytes - probedBytes;
    }

    long lastNumber() {
        return lastNumber;
    }

    long sinceLastProbeNs(long nowNs) {
        return nowNs - lastProbeNs;
    }

    /** Since the last answer, or the first probe that has none. */
    long silenceNs(long nowNs) {
        return nowNs - silentSinceNs;
    }
}
