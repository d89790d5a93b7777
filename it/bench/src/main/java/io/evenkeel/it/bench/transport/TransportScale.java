package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.transport.UPerfRun.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Durations and repetitions.
 *
 * @param rounds how often each variant of each case is measured
 * @param quick a first look instead of figures to publish: shorter, fewer variants
 * @param jdk25 a JDK 25 to measure on too, beside the one that runs this
 * @param svg where to write a picture of UPerf's figures
 * @param flameGraph where to write what a node of TCP_NETTY with mutual TLS spends its time on
 */
public record TransportScale(
        int rounds, boolean quick, Optional<Path> jdk25, Optional<Path> svg, Optional<Path> flameGraph) {
    private static final int SMALL_BYTES = 1_000;
    private static final int LARGE_BYTES = 10_000;
    private static final int MANY = 20;

    /** UPerf's loads, the one that warms a new JVM up first. */
    List<Load> loads() {
        return quick
                ? List.of(new Load(MANY, SMALL_BYTES), new Load(1, SMALL_BYTES))
                : List.of(
                        new Load(MANY, SMALL_BYTES),
                        new Load(1, SMALL_BYTES),
                        new Load(MANY, LARGE_BYTES),
                        new Load(1, LARGE_BYTES));
    }

    List<Variant> variants() {
        return quick
                ? List.of(Variant.STOCK_CLEAR, Variant.STOCK_TLS, Variant.NETTY_TLS, Variant.NETTY_CLEAR)
                : List.of(Variant.values());
    }

    /** The time for which a new JVM is warmed up, in seconds. */
    int jitSeconds() {
        return quick ? 15 : 20;
    }

    /** The time for which each load runs before it is measured for the first time, in seconds. */
    int warmUpSeconds() {
        return 3;
    }

    /** The time for which MPerf sends, once to warm up and once to be measured, in seconds. */
    int multicastSeconds() {
        return quick ? 5 : 15;
    }

    /** The time for which it is measured, in seconds. */
    int runSeconds() {
        return quick ? 3 : 4;
    }

    /** The time for which members ping each other before that is measured. */
    Duration pingWarmUp() {
        return Duration.ofSeconds(quick ? 6 : 10);
    }

    /** The time for which they do while all is well. */
    Duration pingRun() {
        return Duration.ofSeconds(quick ? 6 : 10);
    }

    /** The time for which they do while something is wrong. */
    Duration troubleRun() {
        return Duration.ofSeconds(quick ? 10 : 20);
    }

    /** The number of peers that connect at once. */
    int stormPeers() {
        return quick ? 20 : 50;
    }

    /** Entries in each of two caches. */
    int gridEntries() {
        return quick ? 60_000 : 300_000;
    }

    /** Good certificates put in place of others, and as many bad files. */
    int reloads() {
        return quick ? 6 : 100;
    }

    /** Of an Infinispan node's JVM. */
    String gridHeap() {
        return quick ? "1g" : "2g";
    }
}
