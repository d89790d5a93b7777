package io.evenkeel.it.node;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits by polling, bounded, for conditions that no one signals: a file, a port, another process. */
public final class Waits {
    private static final long POLL_MS = 100;

    private Waits() {}

    /**
     * Polls until the condition holds.
     *
     * @return whether it held within the bound
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    public static boolean until(BooleanSupplier condition, Duration bound) throws InterruptedException {
        return until(condition, bound, POLL_MS);
    }

    /** The same with a pause of its own, for conditions that cost something to ask. */
    public static boolean until(BooleanSupplier condition, Duration bound, long pauseMs) throws InterruptedException {
        long endNs = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNs >= 0) {
                return false;
            }
            Thread.sleep(pauseMs);
        }
        return true;
    }

    /** The same for the way down, which an interrupt must not cut short: the interrupt is kept for the caller. */
    public static boolean untilEvenIfInterrupted(BooleanSupplier condition, Duration bound) {
        long endNs = System.nanoTime() + bound.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return until(condition, Duration.ofNanos(Math.max(0, endNs - System.nanoTime())));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
