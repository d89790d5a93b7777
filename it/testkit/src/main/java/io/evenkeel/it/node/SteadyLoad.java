package io.evenkeel.it.node;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** A program that takes a share of processor time on so many threads until its input ends. */
public final class SteadyLoad {
    static final String READY = "ready";
    private static final long SPIN_NS = 500_000;
    private static final long PAUSE_MS = 1;

    private SteadyLoad() {}

    /** Takes the number of threads, and the share of a processor for each. */
    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[0]);
        double share = Double.parseDouble(arguments[1]);
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> run(share), "load-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Its owner has nothing to say but the end.
        }
    }

    private static void run(double share) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long beganNs = System.nanoTime();
        while (true) {
            if (isBehind(threads.getCurrentThreadCpuTime(), System.nanoTime() - beganNs, share)) {
                spin();
            } else {
                pause();
            }
        }
    }

    /** True if a thread has used less than its share. */
    static boolean isBehind(long usedNs, long elapsedNs, double share) {
        return usedNs < share * elapsedNs;
    }

    private static void spin() {
        long endNs = System.nanoTime() + SPIN_NS;
        while (System.nanoTime() - endNs < 0) {
            Thread.onSpinWait();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
