package io.evenkeel.protocols.pace.sim;

/** One direction of a link: a rate, a queue that drops what is too much, and a delay. */
final class SimLink {
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

    /** Returns false if the queue was full and the packet is gone. */
    boolean send(int bytes, Runnable onArrival) {
        long nowNs = simulation.nowNs();
        if ((freeAtNs - nowNs) * bytesPerNs + bytes > queueBytes) {
            return false;
        }
        freeAtNs = Math.max(freeAtNs, nowNs) + (long) (bytes / bytesPerNs);
        lastArrivalNs = Math.max(lastArrivalNs, freeAtNs + delayNs);
        simulation.at(lastArrivalNs, onArrival);
        return true;
    }

    void setDelayNs(long changedNs) {
        delayNs = changedNs;
    }
}
