package io.evenkeel.protocols.pacing.sim;

import io.evenkeel.protocols.pacing.core.Pressure;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/** A member's machine: a link in each direction, one processor that takes what arrives in turn, and pauses. */
final class SimHost {
    /** Headers of JGroups, TCP and TLS. */
    private static final int OVERHEAD_BYTES = 120;

    private final Simulation simulation;
    private final SimLink out;
    private final SimLink in;
    private long cpuFreeAtNs;
    private double jitterShare;
    private long jitterMeanNs;
    private long messageNs;
    private SimProcessors processors;
    private SimBulkThreads bulkThreads;
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    private boolean arriving;

    private record Arrival(long costNs, Runnable then) {}

    /** The delay is that of one way to another host, all of it behind the link out. */
    SimHost(Simulation simulation, long bytesPerSecond, long queueBytes, long delayNs) {
        this.simulation = simulation;
        out = new SimLink(simulation, bytesPerSecond, queueBytes, delayNs);
        in = new SimLink(simulation, bytesPerSecond, queueBytes, 0);
    }

    /**
     * Sends a message; one that a full queue drops is sent again as UNICAST3 does, unless it may be lost.
     *
     * @param costNs time of the receiver's processor
     */
    void send(SimHost to, int bytes, long costNs, boolean mayBeLost, Runnable onReceipt) {
        int length = bytes + OVERHEAD_BYTES;
        LongConsumer onLast = lastNs -> simulation.at(lastNs, () -> to.process(costNs, onReceipt));
        boolean sent = out.send(length, simulation.nowNs(), lastNs -> {
            if (!to.in.send(length, lastNs, onLast) && !mayBeLost) {
                sendAgain(to, bytes, costNs, onReceipt);
            }
        });
        if (!sent && !mayBeLost) {
            sendAgain(to, bytes, costNs, onReceipt);
        }
    }

    private void sendAgain(SimHost to, int bytes, long costNs, Runnable onReceipt) {
        simulation.after(Units.ms(200), () -> send(to, bytes, costNs, false, onReceipt));
    }

    /**
     * Processors that threads share, in place of the one that takes what arrives: one thread takes that, others work
     * for users, handle bulk, or compile.
     *
     * @param quota in processors; 0 for none
     * @param heapShare of the heap that is in use after each collection
     */
    void setProcessors(int number, double quota, double heapShare) {
        processors = new SimProcessors(simulation, number, quota);
        bulkThreads = new SimBulkThreads(simulation, processors, heapShare);
    }

    boolean hasProcessors() {
        return processors != null;
    }

    /** Takes so much processor time in a thread of its own. */
    void work(long workNs, Runnable then) {
        if (workNs == 0) {
            then.run();
        } else {
            processors.run(workNs, (waitNs, slices) -> then.run());
        }
    }

    /** Takes so much processor time in a thread that handles bulk. */
    void handleBulk(Object sender, int bytes, long workNs, Runnable then) {
        bulkThreads.handle(sender, bytes, workNs, then);
    }

    Pressure pressure() {
        return bulkThreads == null ? Pressure.NONE : bulkThreads.pressure();
    }

    private void takeNext() {
        Arrival arrival = arrivals.pollFirst();
        arriving = arrival != null;
        if (arriving) {
            processors.run(arrival.costNs(), (waitNs, slices) -> {
                arrival.then().run();
                takeNext();
            });
        }
    }

    /** Takes processor time, in turn; some get the processor late, without holding up others. */
    void process(long costNs, Runnable then) {
        if (processors != null) {
            arrivals.addLast(new Arrival(costNs + messageNs, then));
            if (!arriving) {
                takeNext();
            }
            return;
        }
        cpuFreeAtNs = Math.max(cpuFreeAtNs, simulation.nowNs()) + costNs + messageNs;
        long lateNs = 0;
        if (jitterShare > 0 && simulation.random().nextDouble() < jitterShare) {
            lateNs = exponential(jitterMeanNs);
        }
        simulation.at(cpuFreeAtNs + lateNs, then);
    }

    /** A garbage collection: nothing is taken until it is over. */
    void pause(long lengthNs) {
        if (processors != null) {
            processors.collect(lengthNs);
        }
        cpuFreeAtNs = Math.max(cpuFreeAtNs, simulation.nowNs() + lengthNs);
    }

    /** A JVM that has compiled nothing yet: each message takes so much more time. */
    void setMessageNs(long extraNs) {
        messageNs = extraNs;
    }

    /** Others take the processor again and again: what arrives meanwhile is late together. */
    void stall(long meanNs, long everyNs) {
        simulation.after(exponential(everyNs), () -> {
            pause(exponential(meanNs));
            stall(meanNs, everyNs);
        });
    }

    private long exponential(long meanNs) {
        return (long) (-Math.log(1 - simulation.random().nextDouble()) * meanNs);
    }

    void setDelayNs(long delayNs) {
        out.setDelayNs(delayNs);
    }

    void setJitter(double share, long meanNs) {
        jitterShare = share;
        jitterMeanNs = meanNs;
    }
}
