package io.evenkeel.it.bench.restart;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The CPU time of a process over time, from the samples that its owner takes. It starts at zero when the meter is made.
 */
final class CpuMeter {
    private static final double NS_PER_S = 1e9;

    private final TreeMap<Long, Double> secondsByNs = new TreeMap<>();

    CpuMeter(long startNs) {
        secondsByNs.put(startNs, 0.0);
    }

    /** Takes a sample of a running process; empty or ended processes have none. */
    void sample(Optional<Long> pid) {
        pid.flatMap(ProcessHandle::of)
                .flatMap(process -> process.info().totalCpuDuration())
                .ifPresent(cpu -> add(System.nanoTime(), cpu.toNanos() / NS_PER_S));
    }

    void add(long atNs, double seconds) {
        secondsByNs.put(atNs, seconds);
    }

    /** The CPU time that was used between two moments, taken as steady between two samples. */
    double between(long fromNs, long toNs) {
        return at(toNs) - at(fromNs);
    }

    private double at(long ns) {
        Map.Entry<Long, Double> before = secondsByNs.floorEntry(ns);
        Map.Entry<Long, Double> after = secondsByNs.ceilingEntry(ns);
        if (before == null) {
            return 0;
        }
        if (after == null || after.getKey().equals(before.getKey())) {
            return before.getValue();
        }
        double part = (ns - before.getKey()) / (double) (after.getKey() - before.getKey());
        return before.getValue() + part * (after.getValue() - before.getValue());
    }
}
