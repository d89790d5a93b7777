package io.evenkeel.protocols.pacing.sim;

import java.util.function.LongConsumer;

/** One direction of a link: a rate, a queue that drops what is too much, and a delay. */
final class SimLink {
    private static final int PACKET_BYTES = 1_500;

    private final Simulation simulation;
    private final double bytesPerNs;
    private final long queueBytes;
    private long delayNs;
    private long freeAtNs;
    private long lastArrivalNs;

    SimLink(Simulation simulation, long bytesPerSecond, long queueBytes, long delayNs) {
        this.simulation = simulation;
        this.bytesPerNs = bytesPerSecond / 1e9;
        this.queueBytes = queueBytes;
        this.delayNs = delayNs;
    }

    /**
     * Carries something packet by packet, so that the next link begins when the first packet is there.
     *
     * @param lastInNs when its last packet comes into this link
     * @param onFirst called when the first packet arrives, with the time at which the last one will
     * @return false if the queue was full and it is gone
     */
    boolean send(int bytes, long lastInNs, LongConsumer onFirst) {
        long nowNs = simulation.nowNs();
        if ((freeAtNs - nowNs) * bytesPerNs + bytes > queueBytes) {
            return false;
        }
        long startNs = Math.max(freeAtNs, nowNs);
        freeAtNs = startNs + (long) (bytes / bytesPerNs);
        long firstNs = startNs + (long) (Math.min(bytes, PACKET_BYTES) / bytesPerNs);
        lastArrivalNs = Math.max(lastArrivalNs, Math.max(freeAtNs, lastInNs) + delayNs);
        long lastNs = lastArrivalNs;
        simulation.at(firstNs + delayNs, () -> onFirst.accept(lastNs));
        return true;
    }

    void setDelayNs(long changedNs) {
        delayNs = changedNs;
    }
}
