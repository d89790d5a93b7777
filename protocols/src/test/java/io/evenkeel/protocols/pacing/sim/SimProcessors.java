package io.evenkeel.protocols.pacing.sim;

import java.util.ArrayDeque;

/**
 * The processors of a host, which threads that are ready share in turn, a time slice each; a quota stops them all for
 * the rest of a tenth of a second when it is used up, a garbage collection stops them for its length.
 */
final class SimProcessors {
    /** The base slice of Linux's scheduler. */
    private static final long SLICE_NS = Units.ms(3);

    private static final long PERIOD_NS = Units.ms(100);

    /** The figures of a thread that ran. */
    interface Then {
        void accept(long waitNs, long slices);
    }

    private static final class SimThread {
        private final Then then;
        private long leftNs;
        private long readySinceNs;
        private long waitNs;
        private long slices;

        SimThread(long workNs, Then then) {
            leftNs = workNs;
            this.then = then;
        }
    }

    private final Simulation simulation;
    private final int processors;
    private final ArrayDeque<SimThread> ready = new ArrayDeque<>();
    private final double quotaProcessors;
    private double quotaLeftNs;
    private int running;
    private long stoppedUntilNs;
    private long throttledNs;
    private long collectedNs;

    /** A quota of 0 is none. */
    SimProcessors(Simulation simulation, int processors, double quotaProcessors) {
        this.simulation = simulation;
        this.processors = processors;
        this.quotaProcessors = quotaProcessors;
        if (quotaProcessors > 0) {
            beginPeriod();
        }
    }

    private void beginPeriod() {
        quotaLeftNs = quotaProcessors * PERIOD_NS;
        dispatch();
        simulation.after(PERIOD_NS, this::beginPeriod);
    }

    /** A thread becomes ready that needs a processor for so long. */
    void run(long workNs, Then then) {
        makeReady(new SimThread(workNs, then));
        dispatch();
    }

    private void makeReady(SimThread thread) {
        thread.readySinceNs = simulation.nowNs();
        ready.addLast(thread);
    }

    private void dispatch() {
        while (running < processors && !ready.isEmpty() && simulation.nowNs() >= stoppedUntilNs && quotaHolds()) {
            SimThread thread = ready.removeFirst();
            long sliceNs = Math.min(SLICE_NS, thread.leftNs);
            thread.waitNs += simulation.nowNs() - thread.readySinceNs;
            thread.slices++;
            thread.leftNs -= sliceNs;
            quotaLeftNs -= sliceNs;
            running++;
            simulation.after(sliceNs, () -> end(thread));
        }
    }

    /** As the kernel does, it is looked at between slices. */
    private boolean quotaHolds() {
        return quotaProcessors == 0 || quotaLeftNs > 0;
    }

    private void end(SimThread thread) {
        running--;
        if (!quotaHolds() && running == 0) {
            throttledNs += PERIOD_NS - simulation.nowNs() % PERIOD_NS;
        }
        boolean done = thread.leftNs == 0;
        if (!done) {
            makeReady(thread);
        }
        dispatch();
        if (done) {
            thread.then.accept(thread.waitNs, thread.slices);
        }
    }

    /** A garbage collection. */
    void collect(long lengthNs) {
        stoppedUntilNs = Math.max(stoppedUntilNs, simulation.nowNs() + lengthNs);
        collectedNs += lengthNs;
        simulation.at(stoppedUntilNs, this::dispatch);
    }

    int processors() {
        return processors;
    }

    long throttledNs() {
        return throttledNs;
    }

    long collectedNs() {
        return collectedNs;
    }
}
