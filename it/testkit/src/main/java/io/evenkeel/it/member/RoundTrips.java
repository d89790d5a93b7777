package io.evenkeel.it.member;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The times of a load in nanoseconds, and how many operations had no answer when the load ended. Those stand in the
 * histogram with the time that they had waited by then.
 */
public record RoundTrips(Histogram timesNs, long unanswered) {
    private static final double NS_PER_MS = 1e6;
    private static final int DIGITS = 3;

    static Histogram histogram() {
        return new Histogram(DIGITS);
    }

    /** None yet. */
    public static RoundTrips none() {
        return new RoundTrips(histogram(), 0);
    }

    /** As words of an answer. */
    public String encode() {
        ByteBuffer encoded = ByteBuffer.allocate(timesNs.getNeededByteBufferCapacity());
        int length = timesNs.encodeIntoCompressedByteBuffer(encoded);
        return unanswered + " " + Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length));
    }

    /** From the words of an answer. */
    public static RoundTrips decode(List<String> words) {
        try {
            ByteBuffer encoded = ByteBuffer.wrap(Base64.getDecoder().decode(words.get(1)));
            return new RoundTrips(Histogram.decodeFromCompressedByteBuffer(encoded, 0), Long.parseLong(words.get(0)));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram: " + words.get(1), e);
        }
    }

    /** Both together. */
    public RoundTrips plus(RoundTrips other) {
        Histogram both = timesNs.copy();
        both.add(other.timesNs);
        return new RoundTrips(both, unanswered + other.unanswered);
    }

    public double percentileMs(double percentile) {
        return timesNs.getValueAtPercentile(percentile) / NS_PER_MS;
    }

    public double maxMs() {
        return timesNs.getMaxValue() / NS_PER_MS;
    }

    @Override
    public String toString() {
        return String.format(
                "%,d operations, p50 %.2f, p99 %.1f, p99.9 %.1f, max %.1f ms, %d without an answer",
                timesNs.getTotalCount(), percentileMs(50), percentileMs(99), percentileMs(99.9), maxMs(), unanswered);
    }
}
