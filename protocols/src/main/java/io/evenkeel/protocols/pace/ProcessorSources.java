package io.evenkeel.protocols.pace;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the system tells of processors: the waits of a thread for one, throttling by a quota, garbage collections. Each source may
 * be absent, and then says 0.
 *
 * <p>A thread's waits are in {@code /proc/thread-self/schedstat}; {@code /proc/self/schedstat} is that of the process's first thread
 * alone, which in a JVM only waits for the end. Throttling is in {@code cpu.stat} of the process's cgroup, which is where a container
 * sees its own.
 */
final class ProcessorSources {
    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");
    private static final long NS_IN_US = 1_000;
    private static final long NS_IN_MS = 1_000_000;

    /**
     * The account of a thread since its start.
     *
     * @param usedNs for which it had a processor
     * @param waitNs for which it was ready and had none
     * @param slices in which it ran
     */
    record ThreadTimes(long usedNs, long waitNs, long slices) {}

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final Path schedstat;
    private final Path cpuStatV1;
    private final Path cpuStatV2;

    ProcessorSources() {
        this(PROC, CGROUP);
    }

    ProcessorSources(Path proc, Path cgroup) {
        schedstat = proc.resolve("thread-self").resolve("schedstat");
        cpuStatV1 = cgroup.resolve("cpu").resolve("cpu.stat");
        cpuStatV2 = cgroup.resolve("cpu.stat");
    }

    /** Of the thread that asks. Without schedstat it has waited for nothing. */
    ThreadTimes thread() {
        String[] fields = read(schedstat).trim().split("\\s+", -1);
        if (fields.length >= 3) {
            try {
                return new ThreadTimes(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
            } catch (NumberFormatException e) {
                // Another format than Linux has had since 2.6.23: as if it was not there.
            }
        }
        long usedNs = threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
        return new ThreadTimes(Math.max(0, usedNs), 0, 0);
    }

    /** For which a quota has kept the process from running, since its cgroup was made. */
    long throttledNs() {
        long us = valueOf("throttled_usec", read(cpuStatV2));
        return us > 0 ? us * NS_IN_US : valueOf("throttled_time", read(cpuStatV1));
    }

    /** Of garbage collections, since the JVM's start; what a collector does beside the application is not counted. */
    long collectedNs() {
        long ms = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            ms += isConcurrent(collector.getName()) ? 0 : Math.max(0, collector.getCollectionTime());
        }
        return ms * NS_IN_MS;
    }

    private static boolean isConcurrent(String collector) {
        return collector.endsWith("Cycles") || collector.contains("Concurrent");
    }

    private static long valueOf(String name, String stat) {
        for (String line : stat.split("\n", -1)) {
            String[] words = line.trim().split("\\s+", -1);
            if (words.length == 2 && words[0].equals(name) && words[1].matches("\\d{1,18}")) {
                return Long.parseLong(words[1]);
            }
        }
        return 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }
}
