package io.evenkeel.it.node;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Fewer processors than the machine has, for several processes together: the quota of a control group where one can be
 * made, else an affinity to some of the processors with a steady load beside. Linux only. The processes have to end
 * before it is closed.
 */
public interface CpuLimit extends AutoCloseable {
    /** A JVM with less does not start in a useful time. */
    double MIN_CPUS = 0.2;

    /** The description for a report. */
    String description();

    /** The words before the command of a process that is to be limited; the command becomes that process. */
    List<String> through();

    /**
     * Seconds for which processes were ready to run and the limit kept them from it; empty where nobody counts them.
     */
    default Optional<Double> throttledS() {
        return Optional.empty();
    }

    @Override
    void close();

    /**
     * Sets a limit.
     *
     * @param cpus the processors that all processes have together, of {@link #available}
     * @throws RunException if this system offers neither way
     */
    static CpuLimit of(double cpus, RandomGenerator random) throws InterruptedException {
        Optional<CpuLimit> group = CpuControlGroup.create(cpus, random);
        return group.isPresent() ? group.get() : CpuAffinity.create(cpus);
    }

    /** The processors of this machine. */
    static int available() {
        return ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors();
    }

    /** Processors in words. */
    static String words(double cpus) {
        return String.format(Locale.ROOT, "%.2f processors for all nodes together", cpus);
    }
}
