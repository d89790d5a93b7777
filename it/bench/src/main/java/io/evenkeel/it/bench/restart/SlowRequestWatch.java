package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Waits;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Dumps the threads of all nodes, by jcmd, while the p99 of the last seconds is above a second; not more often than
 * every few seconds.
 */
final class SlowRequestWatch implements AutoCloseable {
    static final long SLOW_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_MS = 500;
    private static final long BETWEEN_DUMPS_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long DUMP_BOUND_S = 20;
    private static final double NS_PER_S = 1e9;

    private final UserLoad load;
    private final List<KeycloakNode> nodes;
    private final Path dir;
    private final Progress progress;
    private final long startNs = System.nanoTime();
    private final Thread thread = new Thread(this::run, "slow-request-watch");

    SlowRequestWatch(UserLoad load, List<KeycloakNode> nodes, Path dir, Progress progress) {
        this.load = load;
        this.nodes = List.copyOf(nodes);
        this.dir = dir;
        this.progress = progress;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long dumpedNs = startNs - BETWEEN_DUMPS_NS;
        try {
            while (true) {
                Thread.sleep(POLL_MS);
                long nowNs = System.nanoTime();
                if (nowNs - dumpedNs >= BETWEEN_DUMPS_NS && isSlow(load.samples(), nowNs)) {
                    dumpedNs = nowNs;
                    dump(nowNs);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True if the p99 of the requests that ended within the last seconds is above a second. */
    static boolean isSlow(List<Sample> samples, long nowNs) {
        Histogram histogram = new Histogram(3);
        samples.stream()
                .filter(sample -> sample.intendedNs() + sample.latencyNs() >= nowNs - WINDOW_NS)
                .forEach(sample -> histogram.recordValue(sample.latencyNs()));
        return histogram.getTotalCount() > 0
                && histogram.lowestEquivalentValue(histogram.getValueAtPercentile(99)) > SLOW_NS;
    }

    private void dump(long nowNs) throws InterruptedException {
        String at = String.format(Locale.ROOT, "%.0f", (nowNs - startNs) / NS_PER_S);
        progress.step("p99 is above a second: dumping threads (" + at + " s)");
        for (KeycloakNode node : nodes) {
            // Another thread restarts the nodes: one that is gone meanwhile has no threads to show.
            if (node.javaPid().isPresent()) {
                dump(node.javaPid().get(), dir.resolve("threads-" + at + "s-" + node.name() + ".txt"));
            }
        }
    }

    private void dump(long pid, Path file) throws InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print", "-l")
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(file.toFile())
                    .start();
            try {
                process.waitFor(DUMP_BOUND_S, TimeUnit.SECONDS);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            progress.step("No dump of process " + pid + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        Waits.untilEvenIfInterrupted(() -> !thread.isAlive(), Duration.ofSeconds(DUMP_BOUND_S));
    }
}
