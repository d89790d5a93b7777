package io.evenkeel.it.bench.transport;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Counts the bytes that this JVM allocates on its heap: what the heap has grown by between two collections. Unlike the
 * allocation of threads (com.sun.management.ThreadMXBean) it does not lose what threads did that have ended.
 */
final class HeapAllocation {
    private static final long POLL_MS = 1;

    private final List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private final List<String> heapNames =
            heap.stream().map(MemoryPoolMXBean::getName).toList();
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private long countedBytes;
    private long usedAfterBytes;
    private long seen;

    HeapAllocation() {
        seen = collections();
        usedAfterBytes = usedBytes();
        for (GarbageCollectorMXBean collector : collectors) {
            ((NotificationEmitter) collector).addNotificationListener((event, none) -> collected(event), null, null);
        }
    }

    private synchronized void collected(Notification event) {
        if (!event.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        GcInfo info = GarbageCollectionNotificationInfo.from((CompositeData) event.getUserData())
                .getGcInfo();
        countedBytes += heapBytes(info.getMemoryUsageBeforeGc()) - usedAfterBytes;
        usedAfterBytes = heapBytes(info.getMemoryUsageAfterGc());
        seen++;
    }

    private long heapBytes(Map<String, MemoryUsage> pools) {
        return heapNames.stream().mapToLong(name -> pools.get(name).getUsed()).sum();
    }

    private long usedBytes() {
        return heap.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    private long collections() {
        return collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    /**
     * Bytes since some moment in the past. Collections are announced a moment after they have ended; waits for that.
     */
    long bytes() throws InterruptedException {
        while (true) {
            synchronized (this) {
                if (collections() == seen) {
                    return countedBytes + usedBytes() - usedAfterBytes;
                }
            }
            Thread.sleep(POLL_MS);
        }
    }
}
