package io.evenkeel.it.bench.state;

import io.evenkeel.it.node.ShapedNetwork;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Locale;

/** What figures have to be read with. */
final class Conditions {
    private static final double BYTES_PER_GB = 1e9;

    private Conditions() {}

    static String line(StateScale scale) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        double memoryGb = system instanceof com.sun.management.OperatingSystemMXBean host
                ? host.getTotalMemorySize() / BYTES_PER_GB
                : Double.NaN;
        return String.format(
                Locale.ROOT,
                "%d processors, %.0f GB, %s %s, Java %s, %s, %s, TCP %s; %,d entries of 1 KiB in each of 2 caches, rounds: %d",
                system.getAvailableProcessors(),
                memoryGb,
                system.getName(),
                system.getVersion(),
                Runtime.version(),
                scale.collector().label(),
                scale.tls() ? "mutual TLS" : "clear text",
                ShapedNetwork.congestionControl(),
                scale.entries(),
                scale.rounds());
    }
}
