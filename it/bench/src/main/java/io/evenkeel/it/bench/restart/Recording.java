package io.evenkeel.it.bench.restart;

import java.util.List;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * The traces that one cluster's run left behind.
 *
 * @param beginNs where its time axis begins
 * @param endNs when the load ended
 * @param quietBytesPerS the bytes of all messages that all nodes received in quiet, a second
 */
record Recording(
        long beginNs,
        long endNs,
        List<Sample> samples,
        List<Window> windows,
        List<Restart> restarts,
        List<GcPause> pauses,
        double quietBytesPerS) {
    private static final int DIGITS = 3;
    private static final double NS_PER_S = 1e9;

    Recording {
        samples = List.copyOf(samples);
        windows = List.copyOf(windows);
        restarts = List.copyOf(restarts);
        pauses = List.copyOf(pauses);
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

    /** True if it was a request to a node that had just been restarted. */
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

    /** The time that a restart spent in the phase. */
    double seconds(Phase phase, Restart restart) {
        return windows.stream()
                .filter(window -> window.phase() == phase
                        && window.absent().filter(restart.node()::equals).isPresent()
                        && window.fromNs() >= restart.stopNs()
                        && window.toNs() <= restart.settledNs())
                .mapToDouble(Window::seconds)
                .sum();
    }

    /** The pauses that reach into the windows of these phases, of nodes that were there. */
    List<GcPause> pausesIn(Predicate<Phase> phases) {
        List<Window> chosen =
                windows.stream().filter(window -> phases.test(window.phase())).toList();
        return pauses.stream()
                .filter(pause -> chosen.stream().anyMatch(window -> window.holds(pause)))
                .toList();
    }

    /** On the time axis. */
    double seconds(long ns) {
        return (ns - beginNs) / NS_PER_S;
    }

    long lost() {
        return restarts.stream().mapToLong(Restart::lost).sum();
    }

    /**
     * The cores of the machine that the starting JVM used in the windows of the phase; not a number if there are none.
     */
    double startingCores(Phase phase) {
        List<Window> chosen =
                windows.stream().filter(window -> window.phase() == phase).toList();
        double cpuS = chosen.stream().mapToDouble(Window::startingCpuS).sum();
        return cpuS / chosen.stream().mapToDouble(Window::seconds).sum();
    }
}
