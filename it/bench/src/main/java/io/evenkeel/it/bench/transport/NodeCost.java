package io.evenkeel.it.bench.transport;

import com.sun.management.OperatingSystemMXBean;
import io.evenkeel.it.member.RoundTrips;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.HdrHistogram.Recorder;

/** The resources that a node's JVM uses while a load runs, and the round trips that its requests took. */
final class NodeCost {
    private static final String MARK = "EVENKEEL cost ";
    private static final int DIGITS = 3;

    private final Recorder roundTrips = new Recorder(DIGITS);
    private final HeapAllocation allocation = new HeapAllocation();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long startCpuNs;
    private long startBytes;

    /** Takes a time in nanoseconds. */
    Recorder roundTrips() {
        return roundTrips;
    }

    void begin() throws InterruptedException {
        roundTrips.reset();
        startBytes = allocation.bytes();
        startCpuNs = system.getProcessCpuTime();
    }

    /** The resources used since {@link #begin}, as a line for {@link Figures#of}. */
    String end(long requests) throws InterruptedException {
        long cpuNs = system.getProcessCpuTime() - startCpuNs;
        long bytes = allocation.bytes() - startBytes;
        RoundTrips trips = new RoundTrips(roundTrips.getIntervalHistogram(), 0);
        return MARK + requests + " " + cpuNs + " " + bytes + " " + trips.encode();
    }

    /**
     * The cost of a run.
     *
     * @param bytes allocated on the heap
     */
    record Figures(long requests, long cpuNs, long bytes, RoundTrips roundTrips) {
        static boolean isOne(String line) {
            return line.startsWith(MARK);
        }

        static Figures of(String line) {
            List<String> words = List.of(line.substring(MARK.length()).split(" ", -1));
            return new Figures(
                    Long.parseLong(words.get(0)),
                    Long.parseLong(words.get(1)),
                    Long.parseLong(words.get(2)),
                    RoundTrips.decode(words.subList(3, words.size())));
        }

        /** Both nodes' together. */
        Figures plus(Figures other) {
            return new Figures(
                    requests + other.requests,
                    cpuNs + other.cpuNs,
                    bytes + other.bytes,
                    roundTrips.plus(other.roundTrips));
        }
    }
}
