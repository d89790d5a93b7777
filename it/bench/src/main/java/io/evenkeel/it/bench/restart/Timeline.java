package io.evenkeel.it.bench.restart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Latency over time: a point per bucket of equal length, by the time at which the requests ought to have started. */
record Timeline(List<Point> points) {
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_MS = 1e6;
    private static final int DIGITS = 3;

    Timeline {
        points = List.copyOf(points);
    }

    /**
     * The requests of a bucket.
     *
     * @param seconds the bucket's middle, from the beginning
     */
    record Point(double seconds, double p50Ms, double p90Ms, double p99Ms, double maxMs) {}

    /** Buckets without a request have no point; what was intended before the beginning is left out. */
    static Timeline of(List<Sample> samples, long beginNs, long bucketNs) {
        Map<Long, Histogram> buckets = new TreeMap<>();
        for (Sample sample : samples) {
            if (sample.intendedNs() >= beginNs) {
                long bucket = (sample.intendedNs() - beginNs) / bucketNs;
                buckets.computeIfAbsent(bucket, b -> new Histogram(DIGITS)).recordValue(sample.latencyNs());
            }
        }
        List<Point> points = new ArrayList<>();
        buckets.forEach((bucket, histogram) -> points.add(point((bucket + 0.5) * bucketNs / NS_PER_S, histogram)));
        return new Timeline(points);
    }

    private static Point point(double seconds, Histogram histogram) {
        return new Point(
                seconds,
                histogram.getValueAtPercentile(50) / NS_PER_MS,
                histogram.getValueAtPercentile(90) / NS_PER_MS,
                histogram.getValueAtPercentile(99) / NS_PER_MS,
                histogram.getMaxValue() / NS_PER_MS);
    }
}
