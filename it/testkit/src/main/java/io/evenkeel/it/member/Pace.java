package io.evenkeel.it.member;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/** Steady starts: each at its time, or as soon as the one before has returned when that is later. */
public final class Pace {
    private Pace() {}

    /** Starts an operation that ought to start at that time of {@link System#nanoTime}. */
    @FunctionalInterface
    public interface Start {
        void at(long intendedNs) throws Exception;
    }

    /**
     * Starts operations on this thread until it is enough.
     *
     * @param goOn asked before each, with how many were started so far
     */
    public static void run(double ratePerS, LongPredicate goOn, Start start) throws Exception {
        long beginNs = System.nanoTime();
        double gapNs = TimeUnit.SECONDS.toNanos(1) / ratePerS;
        for (long i = 0; goOn.test(i); i++) {
            long intendedNs = beginNs + (long) (i * gapNs);
            for (long nowNs = System.nanoTime(); nowNs - intendedNs < 0; nowNs = System.nanoTime()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(intendedNs - nowNs);
            }
            start.at(intendedNs);
        }
    }
}
