package io.evenkeel.it.bench.transport;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
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
        Histogram histogram = roundTrips.getIntervalHistogram();
        ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(encoded);
        String trips = Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length));
        return MARK + requests + " " + cpuNs + " " + bytes + " " + trips;
    }

    /**
     * The cost of a run.
     *
     * @param bytes allocated on the heap
     */
    record Figures(long requests, long cpuNs, long bytes, Histogram roundTripsNs) {
        static boolean isOne(String line) {
            return line.startsWith(MARK);
        }

        static Figures of(String line) {
            String[] fields = line.substring(MARK.length()).split(" ", -1);
            try {
                Histogram trips = Histogram.decodeFromCompressedByteBuffer(
                        ByteBuffer.wrap(Base64.getDecoder().decode(fields[3])), 0);
                return new Figures(
                        Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]), trips);
            } catch (DataFormatException e) {
                throw new IllegalArgumentException("not a histogram: " + fields[3], e);
            }
        }

        /** Both nodes' together. */
        Figures plus(Figures other) {
            Histogram both = roundTripsNs.copy();
            both.add(other.roundTripsNs);
            return new Figures(requests + other.requests, cpuNs + other.cpuNs, bytes + other.bytes, both);
        }
    }
}
