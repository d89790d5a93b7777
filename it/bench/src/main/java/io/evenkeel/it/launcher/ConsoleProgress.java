package io.evenkeel.it.launcher;

import io.evenkeel.it.node.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Prints a line a step, with the seconds since the start of the command, and a sign of life when a step takes long. */
final class ConsoleProgress implements Progress, AutoCloseable {
    private static final long SIGN_OF_LIFE_S = 10;

    private final PrintWriter out;
    private final long startNs = System.nanoTime();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private String current = "";
    private long printedNs = startNs;

    ConsoleProgress(PrintWriter out) {
        this.out = out;
        ticker.scheduleWithFixedDelay(this::signOfLife, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public synchronized void step(String step) {
        current = step;
        print(step);
    }

    /** From now on nothing takes long. */
    synchronized void idle() {
        current = "";
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }

    private synchronized void signOfLife() {
        if (!current.isEmpty() && System.nanoTime() - printedNs >= TimeUnit.SECONDS.toNanos(SIGN_OF_LIFE_S)) {
            print("  ... " + current);
        }
    }

    private void print(String text) {
        printedNs = System.nanoTime();
        double elapsedS = (printedNs - startNs) / 1e9;
        out.println(String.format(Locale.ROOT, "[%6.1f s] %s", elapsedS, text));
        out.flush();
    }
}
