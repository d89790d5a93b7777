package io.evenkeel.protocols.pacing;

import com.sun.management.GcInfo;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The system's figures of processors and the heap: the waits of a thread for a processor, throttling by a quota,
 * garbage collections and what they leave. Each source may be absent, and then says 0.
 *
 * <p>A thread's waits are in {@code /proc/thread-self/schedstat}; {@code /proc/self/schedstat} is that of the process's
 * first thread alone, which in a JVM only waits for the end. Throttling is in {@code cpu.stat} of the process's cgroup:
 * by the path in {@code /proc/self/cgroup}, or at the root, which is where a container sees its own.
 */
final class ProcessorSources {
    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");
    private static final String CPU_STAT = "cpu.stat";
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
    private final Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());
    private final Path schedstat;
    private final List<Path> cpuStatsV1;
    private final List<Path> cpuStatsV2;
    private final boolean tellsWaits;
    private long heapCollections;
    private double heapShare;

    ProcessorSources() {
        this(PROC, CGROUP);
    }

    ProcessorSources(Path proc, Path cgroup) {
        schedstat = proc.resolve("thread-self").resolve("schedstat");
        tellsWaits = waitsOf(read(schedstat)) != null;
        String groups = read(proc.resolve("self").resolve("cgroup"));
        cpuStatsV1 = cpuStats(cgroup.resolve("cpu"), groups, "(?:.*,)?cpu(?:,.*)?");
        cpuStatsV2 = cpuStats(cgroup, groups, "");
    }

    /** The files of the process's own group, where it is to be seen, and of the root. */
    private static List<Path> cpuStats(Path root, String groups, String controllers) {
        List<Path> stats = new ArrayList<>();
        Pattern group = Pattern.compile("\\d+:" + controllers + ":/(.+)");
        groups.lines()
                .map(group::matcher)
                .filter(Matcher::matches)
                .forEach(own -> stats.add(root.resolve(own.group(1)).resolve(CPU_STAT)));
        stats.add(root.resolve(CPU_STAT));
        return stats;
    }

    /** True if the waits of a thread are available. */
    boolean tellsWaits() {
        return tellsWaits;
    }

    /** The account of the calling thread; without schedstat one that has never waited. */
    ThreadTimes thread() {
        ThreadTimes times = waitsOf(read(schedstat));
        if (times != null) {
            return times;
        }
        long usedNs = threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
        return new ThreadTimes(Math.max(0, usedNs), 0, 0);
    }

    /** Null in another format than Linux has had since 2.6.23. */
    private static @Nullable ThreadTimes waitsOf(String schedstat) {
        String[] fields = schedstat.trim().split("\\s+", -1);
        try {
            return fields.length < 3
                    ? null
                    : new ThreadTimes(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The time for which a quota has kept the process from running, since its cgroup was made. */
    long throttledNs() {
        long us = firstValueOf("throttled_usec", cpuStatsV2);
        return us > 0 ? us * NS_IN_US : firstValueOf("throttled_time", cpuStatsV1);
    }

    private static long firstValueOf(String name, List<Path> stats) {
        for (Path stat : stats) {
            long value = valueOf(name, read(stat));
            if (value > 0) {
                return value;
            }
        }
        return 0;
    }

    /** The share of the heap that was in use after the last collection; 0 before the first. */
    synchronized double heapShare() {
        long collections = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            collections += Math.max(0, collector.getCollectionCount());
        }
        if (collections != heapCollections) {
            heapCollections = collections;
            heapShare = shareAfterLastCollection();
        }
        return heapShare;
    }

    private double shareAfterLastCollection() {
        long maxBytes = Runtime.getRuntime().maxMemory();
        long latestEndMs = -1;
        long usedBytes = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            GcInfo last =
                    collector instanceof com.sun.management.GarbageCollectorMXBean known ? known.getLastGcInfo() : null;
            if (last != null && last.getEndTime() > latestEndMs) {
                latestEndMs = last.getEndTime();
                usedBytes = usedOfHeap(last.getMemoryUsageAfterGc());
            }
        }
        return (double) usedBytes / maxBytes;
    }

    private long usedOfHeap(Map<String, MemoryUsage> pools) {
        return pools.entrySet().stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }

    /** The time of garbage collections since the JVM's start, without what a collector does beside the application. */
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
