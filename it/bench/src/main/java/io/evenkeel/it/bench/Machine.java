package io.evenkeel.it.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Locale;

/** The machine that figures have to be read with. */
public final class Machine {
    private static final double BYTES_PER_GB = 1e9;

    private Machine() {}

    /** Processors, memory, system and Java. */
    public static String words() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "%d processors, %.0f GB, %s %s, Java %s",
                system.getAvailableProcessors(),
                memoryBytes() / BYTES_PER_GB,
                system.getName(),
                system.getVersion(),
                Runtime.version());
    }

    /** The memory of this machine; not a number where the JVM does not tell. */
    public static double memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean host
                ? host.getTotalMemorySize()
                : Double.NaN;
    }
}
