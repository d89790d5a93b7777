package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A control group with a quota of processor time in each tenth of a second, as Kubernetes gives a container with a CPU
 * limit.
 */
final class CpuControlGroup implements CpuLimit {
    static final int PERIOD_US = 100_000;
    private static final String QUOTA_V1 = "cpu.cfs_quota_us";
    private static final String QUOTA_V2 = "cpu.max";
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(10);
    private static final double NS_PER_S = 1e9;
    private static final double US_PER_S = 1e6;

    private final int version;
    private final Path dir;
    private final double cpus;

    private CpuControlGroup(int version, Path dir, double cpus) {
        this.version = version;
        this.dir = dir;
        this.cpus = cpus;
    }

    /** Makes one; empty where this process may make none. */
    static Optional<CpuLimit> create(double cpus, RandomGenerator random) {
        Path self = Path.of("/proc/self");
        try {
            List<ControlGroupParent> parents = ControlGroupParent.candidates(
                    Files.readAllLines(self.resolve("mountinfo")), Files.readAllLines(self.resolve("cgroup")));
            for (ControlGroupParent parent : parents) {
                Path dir = parent.dir().resolve(String.format("evenkeel-%05x", random.nextInt(1 << 20)));
                CpuControlGroup group = new CpuControlGroup(parent.version(), dir, cpus);
                if (group.make()) {
                    return Optional.of(group);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            // Not Linux, or /proc is not to be read.
            return Optional.empty();
        }
    }

    private boolean make() {
        try {
            Files.createDirectory(dir);
        } catch (IOException e) {
            return false;
        }
        boolean made = false;
        try {
            if (version == 1) {
                Files.writeString(dir.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_US));
                Files.writeString(dir.resolve(QUOTA_V1), Long.toString(quotaUs(cpus)));
            } else {
                // Fails where the parent does not hand the controller down.
                Files.writeString(dir.resolve(QUOTA_V2), quotaUs(cpus) + " " + PERIOD_US);
            }
            made = true;
        } catch (IOException e) {
            made = false;
        } finally {
            if (!made) {
                close();
            }
        }
        return made;
    }

    static long quotaUs(double cpus) {
        return Math.round(cpus * PERIOD_US);
    }

    @Override
    public String description() {
        return CpuLimit.words(cpus) + " by the quota of a control group (version " + version + ")";
    }

    @Override
    public List<String> through() {
        return List.of("/bin/sh", "-c", "echo $$ > '" + dir.resolve("cgroup.procs") + "' && exec \"$@\"", "sh");
    }

    @Override
    public Optional<Double> throttledS() {
        try {
            return throttledS(Files.readAllLines(dir.resolve("cpu.stat")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The throttled time in a cpu.stat of either version. */
    static Optional<Double> throttledS(List<String> stat) {
        for (String line : stat) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("throttled_time")) {
                return Optional.of(Long.parseLong(words[1]) / NS_PER_S);
            }
            if (words[0].equals("throttled_usec")) {
                return Optional.of(Long.parseLong(words[1]) / US_PER_S);
            }
        }
        return Optional.empty();
    }

    /** The kernel frees a group some time after its last process has ended. */
    @Override
    public void close() {
        boolean gone = Waits.untilEvenIfInterrupted(this::delete, CLOSE_BOUND);
        if (!gone) {
            throw new RunException("The control group " + dir + " still has processes and was left behind.");
        }
    }

    private boolean delete() {
        try {
            Files.deleteIfExists(dir);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
