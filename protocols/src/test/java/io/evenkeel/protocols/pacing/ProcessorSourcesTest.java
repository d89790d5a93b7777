package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorSourcesTest {
    @TempDir
    private Path proc;

    @TempDir
    private Path cgroup;

    @Test
    void readsTheAccountOfTheThread() throws IOException {
        write(proc.resolve("thread-self/schedstat"), "1500000 250000 42\n");

        assertThat(sources().thread()).isEqualTo(new ProcessorSources.ThreadTimes(1_500_000, 250_000, 42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 2", "a b c", "1 2 99999999999999999999"})
    void aFormatThatItDoesNotKnowIsAsIfNothingWasThere(String content) throws IOException {
        write(proc.resolve("thread-self/schedstat"), content);

        ProcessorSources.ThreadTimes times = sources().thread();
        assertThat(times.waitNs()).isZero();
        assertThat(times.slices()).isZero();
        assertThat(times.usedNs()).isPositive();
    }

    @Test
    void readsThrottlingOfCgroupsOfEitherVersion() throws IOException {
        assertThat(sources().throttledNs()).isZero();
        write(cgroup.resolve("cpu/cpu.stat"), "nr_periods 5\nnr_throttled 2\nthrottled_time 7000000\n");
        assertThat(sources().throttledNs()).isEqualTo(7_000_000);

        write(cgroup.resolve("cpu.stat"), "usage_usec 900\nnr_throttled 2\nthrottled_usec 8000\n");
        assertThat(sources().throttledNs()).isEqualTo(8_000_000);
    }

    /** As on a host that runs it in a group of its own, and not in a container. */
    @Test
    void readsThrottlingOfItsOwnGroup() throws IOException {
        write(proc.resolve("self/cgroup"), "4:cpu,cpuacct:/limited/a\n2:cpuset:/other\n0::/limited/b\n");
        write(cgroup.resolve("cpu/limited/a/cpu.stat"), "throttled_time 5000000\n");
        assertThat(sources().throttledNs()).isEqualTo(5_000_000);

        write(cgroup.resolve("limited/b/cpu.stat"), "throttled_usec 6000\n");
        assertThat(sources().throttledNs()).isEqualTo(6_000_000);
    }

    @Test
    void tellsWhetherWaitsAreToBeHad() throws IOException {
        assertThat(sources().tellsWaits()).isFalse();
        write(proc.resolve("thread-self/schedstat"), "1500000 250000 42\n");
        assertThat(sources().tellsWaits()).isTrue();
    }

    @Test
    void tellsOfTheHeapThatACollectionLeaves() {
        System.gc();

        assertThat(sources().heapShare()).isGreaterThan(0).isLessThanOrEqualTo(1);
    }

    @Test
    void countsCollections() {
        long before = sources().collectedNs();

        assertThat(before).isNotNegative();
        assertThat(sources().collectedNs()).isGreaterThanOrEqualTo(before);
    }

    /** On the system that runs the tests: whatever of it is there must be understood. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void readsThisLinux() {
        ProcessorSources real = new ProcessorSources();
        ProcessorSources.ThreadTimes before = real.thread();
        long until = before.usedNs() + 20_000_000;
        long turns = 0;
        while (real.thread().usedNs() < until && turns < 10_000_000) {
            turns++;
        }

        ProcessorSources.ThreadTimes after = real.thread();
        assertThat(after.usedNs()).isGreaterThanOrEqualTo(until);
        assertThat(after.waitNs()).isGreaterThanOrEqualTo(before.waitNs());
        assertThat(real.throttledNs()).isNotNegative();
    }

    private ProcessorSources sources() {
        return new ProcessorSources(proc, cgroup);
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
