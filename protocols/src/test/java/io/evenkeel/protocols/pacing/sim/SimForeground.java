package io.evenkeel.protocols.pacing.sim;

import java.util.Map;
import java.util.TreeMap;

/** Users' requests from one host to another, open loop: each leaves at its time, whatever became of those before. */
final class SimForeground {
    private static final int REQUEST_COST_NS = 10_000;
    private static final int ANSWER_BYTES = 1_000;

    private final Simulation simulation;
    private final SimHost from;
    private final SimHost to;
    private final int bytes;
    private final long everyNs;
    private final int burst;
    private final long workNs;
    private final TreeMap<Long, Long> roundTripsNs = new TreeMap<>();
    private long made;

    /**
     * A burst of so many requests every so often, each of so much work for the other host; the first at a random time.
     */
    SimForeground(Simulation simulation, SimHost from, SimHost to, int bytes, long everyNs, int burst, long workNs) {
        this.simulation = simulation;
        this.from = from;
        this.to = to;
        this.bytes = bytes;
        this.everyNs = everyNs;
        this.burst = burst;
        this.workNs = workNs;
        simulation.after((long) (simulation.random().nextDouble() * everyNs), this::request);
    }

    private void request() {
        long startNs = simulation.nowNs();
        for (int i = 0; i < burst; i++) {
            long key = startNs * 1_000 + made++ % 1_000;
            from.send(to, bytes, REQUEST_COST_NS, false, () -> to.work(workNs, () -> answer(key, startNs)));
        }
        // Exponential gaps: users do not come in step with the transfer.
        simulation.after((long) (-Math.log(1 - simulation.random().nextDouble()) * everyNs), this::request);
    }

    private void answer(long key, long startNs) {
        to.send(from, ANSWER_BYTES, REQUEST_COST_NS, false, () -> roundTripsNs.put(key, simulation.nowNs() - startNs));
    }

    long percentileNs(double share, long fromNs, long toNs) {
        Map<Long, Long> window = roundTripsNs.subMap(fromNs * 1_000, toNs * 1_000);
        long[] sorted =
                window.values().stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalStateException("no request was answered between " + fromNs + " and " + toNs + " ns");
        }
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
