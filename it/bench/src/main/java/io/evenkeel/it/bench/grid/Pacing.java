package io.evenkeel.it.bench.grid;

import io.evenkeel.protocols.STATE_FC;
import java.util.List;
import java.util.Locale;

/**
 * The work of STATE_FC, counted.
 *
 * @param bulkBytes sent that it took for state
 * @param pacedBytes of them that waited for the window
 * @param longestWaitMs of a chunk
 * @param probesLost probes without an answer in time
 */
public record Pacing(long bulkBytes, long pacedBytes, long longestWaitMs, long probesLost) {
    static final Pacing NONE = new Pacing(0, 0, 0, 0);
    private static final double BYTES_PER_MB = 1e6;

    /** Reads it off, and lets the next one begin with nothing. */
    static Pacing takeFrom(STATE_FC protocol) {
        Pacing pacing = new Pacing(
                protocol.getBulkBytesSent(),
                protocol.getPacedBytes(),
                protocol.getLongestWaitMs(),
                protocol.getProbesLost());
        protocol.resetStats();
        return pacing;
    }

    Pacing plus(Pacing other) {
        return new Pacing(
                bulkBytes + other.bulkBytes,
                pacedBytes + other.pacedBytes,
                Math.max(longestWaitMs, other.longestWaitMs),
                probesLost + other.probesLost);
    }

    Object[] words() {
        return new Object[] {bulkBytes, pacedBytes, longestWaitMs, probesLost};
    }

    static Pacing decode(List<String> words) {
        return new Pacing(
                Long.parseLong(words.get(0)),
                Long.parseLong(words.get(1)),
                Long.parseLong(words.get(2)),
                Long.parseLong(words.get(3)));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f MB of state sent, %.1f MB of it paced, longest wait %d ms; %d probes lost",
                bulkBytes / BYTES_PER_MB,
                pacedBytes / BYTES_PER_MB,
                longestWaitMs,
                probesLost);
    }
}
