package io.evenkeel.protocols.pacing.sim;

import io.evenkeel.protocols.pacing.core.BulkQueue;
import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.ProcessorShare;

/**
 * The threads of a host that handle bulk, half of its processors, with their rests, and the pressure that it tells of.
 */
final class SimBulkThreads {
    private static final long LIMIT_BYTES = 8 << 20;

    private record Job(long workNs, Runnable then) {}

    private final Simulation simulation;
    private final SimProcessors processors;
    private final BulkQueue<Object, Job> queue;
    private final ProcessorShare share = new ProcessorShare();
    private final double heapShare;
    private long sinceNs;
    private long waitNs;
    private long slices;
    private long throttledNs;
    private long collectedNs;

    SimBulkThreads(Simulation simulation, SimProcessors processors, double heapShare) {
        this.simulation = simulation;
        this.processors = processors;
        this.heapShare = heapShare;
        queue = new BulkQueue<>(Math.max(1, processors.processors() / 2), LIMIT_BYTES);
    }

    void handle(Object sender, int bytes, long workNs, Runnable then) {
        queue.add(sender, new Job(workNs, then), bytes, false);
        dispatch();
    }

    private void dispatch() {
        for (BulkQueue.Work<Object, Job> work = queue.next(simulation.nowNs());
                work != null;
                work = queue.next(simulation.nowNs())) {
            run(work);
        }
    }

    private void run(BulkQueue.Work<Object, Job> work) {
        processors.run(work.message().workNs(), (waited, ran) -> {
            work.message().then().run();
            waitNs += waited;
            slices += ran;
            pressure();
            simulation.after(share.restNs(work.message().workNs()), () -> {
                queue.finish(work);
                dispatch();
            });
        });
    }

    /** As it is measured, once an interval. */
    Pressure pressure() {
        long lengthNs = simulation.nowNs() - sinceNs;
        if (lengthNs >= ProcessorShare.INTERVAL_NS) {
            share.onInterval(new ProcessorShare.Interval(
                    lengthNs,
                    waitNs,
                    slices,
                    processors.throttledNs() - throttledNs,
                    processors.collectedNs() - collectedNs,
                    heapShare));
            sinceNs = simulation.nowNs();
            waitNs = 0;
            slices = 0;
            throttledNs = processors.throttledNs();
            collectedNs = processors.collectedNs();
        }
        return share.pressure();
    }
}
