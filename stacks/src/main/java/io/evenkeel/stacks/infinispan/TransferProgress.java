package io.evenkeel.stacks.infinispan;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The progress of the state that comes to this node, from samples of what is still to come.
 *
 * <p>A transfer begins with the first segment that is awaited, in whatever cache, and ends when none has been awaited
 * for a while: caches that come one after the other are one transfer. A short one is not spoken of.
 *
 * <p>For one thread at a time; only the gauges may be read by others.
 */
final class TransferProgress {
    static final long LINE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    static final long END_AFTER_NS = TimeUnit.SECONDS.toNanos(2);

    private static final double NS_PER_S = 1e9;
    private static final double BYTES_PER_MB = 1e6;
    private static final double PERCENT = 100;

    /**
     * A look at this node.
     *
     * @param awaitedSegments by cache, those that others have still to send
     * @param stateBytes received so far, in all transfers
     * @param usersBytes received and sent so far
     */
    record Sample(Map<String, Integer> awaitedSegments, long stateBytes, long usersBytes) {}

    /**
     * The numbers of a transfer; all zero where there is none.
     *
     * @param segments that the transfer brings in all
     * @param awaitedSegments of them, those that have not come
     * @param bytes that have come
     * @param bytesPerSecond on the average of the transfer
     * @param remaining how long the rest takes at the speed so far, in seconds; 0 if unknown
     */
    record Gauges(int segments, int awaitedSegments, long bytes, double bytesPerSecond, double remaining) {
        private static final Gauges NONE = new Gauges(0, 0, 0, 0, 0);
    }

    private static final class CacheTransfer {
        private final long startNs;
        private int segments;
        private int awaited;

        CacheTransfer(long startNs) {
            this.startNs = startNs;
        }

        void update(int nowAwaited) {
            segments += Math.max(0, nowAwaited - awaited);
            awaited = nowAwaited;
        }

        int done() {
            return segments - awaited;
        }

        OptionalLong remainingNs(long nowNs) {
            return awaited == 0 || done() == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of((long) ((double) (nowNs - startNs) / done() * awaited));
        }
    }

    private final Map<String, CacheTransfer> caches = new TreeMap<>();
    private volatile Gauges gauges = Gauges.NONE;
    private @Nullable Sample atStart;
    private Sample latest = new Sample(Map.of(), 0, 0);
    private long startNs;
    private long lastAwaitedNs;
    private long lastLineNs;
    private boolean spokenOf;

    Gauges gauges() {
        return gauges;
    }

    /**
     * Takes a sample.
     *
     * @return a line for the log, if it is time for one
     */
    Optional<String> add(long nowNs, Sample sample) {
        boolean awaits = sample.awaitedSegments().values().stream().anyMatch(segments -> segments > 0);
        if (awaits && atStart == null) {
            begin(nowNs);
        }
        latest = sample;
        if (atStart == null) {
            return Optional.empty();
        }
        // A cache that was stopped brings nothing more; one that starts anew counts from its beginning.
        caches.keySet().retainAll(sample.awaitedSegments().keySet());
        sample.awaitedSegments().forEach((cache, segments) -> {
            if (segments > 0 || caches.containsKey(cache)) {
                caches.computeIfAbsent(cache, name -> new CacheTransfer(nowNs)).update(segments);
            }
        });
        if (!awaits) {
            return nowNs - lastAwaitedNs >= END_AFTER_NS ? end() : Optional.empty();
        }
        lastAwaitedNs = nowNs;
        gauges = measure(nowNs);
        if (nowNs - lastLineNs < LINE_INTERVAL_NS) {
            return Optional.empty();
        }
        lastLineNs = nowNs;
        spokenOf = true;
        return Optional.of(line());
    }

    private void begin(long nowNs) {
        atStart = latest;
        startNs = nowNs;
        lastLineNs = nowNs;
        lastAwaitedNs = nowNs;
    }

    private Optional<String> end() {
        Optional<String> summary = spokenOf ? Optional.of(summary()) : Optional.empty();
        caches.clear();
        atStart = null;
        spokenOf = false;
        gauges = Gauges.NONE;
        return summary;
    }

    private Sample start() {
        return Objects.requireNonNull(atStart);
    }

    private Gauges measure(long nowNs) {
        int segments =
                caches.values().stream().mapToInt(cache -> cache.segments).sum();
        int awaited = caches.values().stream().mapToInt(cache -> cache.awaited).sum();
        long bytes = growth(start().stateBytes(), latest.stateBytes());
        double seconds = (nowNs - startNs) / NS_PER_S;
        // The caches come at the same time, so the last one counts.
        double remaining = caches.values().stream()
                        .map(cache -> cache.remainingNs(nowNs))
                        .flatMapToLong(OptionalLong::stream)
                        .max()
                        .orElse(0)
                / NS_PER_S;
        return new Gauges(segments, awaited, bytes, seconds == 0 ? 0 : bytes / seconds, remaining);
    }

    private String line() {
        String unfinished = caches.entrySet().stream()
                .filter(cache -> cache.getValue().awaited > 0)
                .map(cache -> cache.getKey() + " " + cache.getValue().done() + " of " + cache.getValue().segments)
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "State transfer to this node: %d of %d segments (%s), %.1f MB at %.1f MB/s, %s",
                gauges.segments() - gauges.awaitedSegments(),
                gauges.segments(),
                unfinished,
                gauges.bytes() / BYTES_PER_MB,
                gauges.bytesPerSecond() / BYTES_PER_MB,
                gauges.remaining() == 0
                        ? "time left unknown"
                        : String.format(Locale.ROOT, "about %.0f s left", Math.ceil(gauges.remaining())));
    }

    private String summary() {
        long state = growth(start().stateBytes(), latest.stateBytes());
        long users = growth(start().usersBytes(), latest.usersBytes());
        double seconds = (lastAwaitedNs - startNs) / NS_PER_S;
        return String.format(
                Locale.ROOT,
                "State transfer to this node is over: %.1f MB in %.0f s, %.1f MB/s; users had %.0f %% of the node's"
                        + " bytes meanwhile",
                state / BYTES_PER_MB,
                seconds,
                state / BYTES_PER_MB / seconds,
                state + users == 0 ? 0 : PERCENT * users / (state + users));
    }

    /** Statistics that were reset begin again at zero. */
    private static long growth(long before, long after) {
        return after >= before ? after - before : after;
    }
}
