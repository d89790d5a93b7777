package io.evenkeel.it.bench.restart;

import java.util.List;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * What one cluster's run left behind.
 *
 * @param beginNs where its time axis begins
 * @param endNs when the load ended
 */
record Recording(long beginNs, long endNs, List<Sample> samples, List<Window> windows, List<Restart> restarts) {
    private static final int DIGITS = 3;
    private static final double NS_PER_S = 1e9;

    Recording {
        samples = List.copyOf(samples);
        windows = List.copyOf(windows);
        restarts = List.copyOf(restarts);
    }

    /** The latencies in nanoseconds of the requests in the windows of these phases, to nodes that were there. */
    Histogram latenciesNs(Predicate<Phase> phases) {
        List<Window> chosen =
                windows.stream().filter(window -> phases.test(window.phase())).toList();
        Histogram histogram = new Histogram(DIGITS);
        for (Sample sample : samples) {
            if (chosen.stream().anyMatch(window -> window.holds(sample))) {
                histogram.recordValue(sample.latencyNs());
            }
        }
        return histogram;
    }

    /** Whether it was a request to a node that had just been restarted. */
    boolean isFresh(Sample sample) {
        return windows.stream().anyMatch(window -> window.phase() == Phase.FRESH && window.holdsOfAbsent(sample));
    }

    /** The latencies in nanoseconds of the requests to nodes that had just been restarted. */
    Histogram freshLatenciesNs() {
        Histogram histogram = new Histogram(DIGITS);
        samples.stream().filter(this::isFresh).forEach(sample -> histogram.recordValue(sample.latencyNs()));
        return histogram;
    }

    /** All that failed since the beginning, to whichever node. */
    List<Sample> failed() {
        return samples.stream()
                .filter(sample -> sample.failed() && sample.intendedNs() >= beginNs)
                .toList();
    }

    /** On the time axis. */
    double seconds(long ns) {
        return (ns - beginNs) / NS_PER_S;
    }

    long lost() {
        return restarts.stream().mapToLong(Restart::lost).sum();
    }

    /** How many of the machine's cores the starting JVM used in the windows of the phase; not a number if there are none. */
    double startingCores(Phase phase) {
        List<Window> chosen =
                windows.stream().filter(window -> window.phase() == phase).toList();
        double cpuS = chosen.stream().mapToDouble(Window::startingCpuS).sum();
        return cpuS / chosen.stream().mapToDouble(Window::seconds).sum();
    }
}
