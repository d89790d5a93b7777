package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuLimitTest {
    private static final String V1 =
            "33 25 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct";
    private static final String V1_SETS = "34 25 0:30 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset";
    private static final String V2 = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";

    @Test
    void version1HasTheControllersOwnHierarchy() {
        assertThat(ControlGroupParent.candidates(List.of(V1_SETS, V1), List.of("3:cpuset:/", "1:cpu,cpuacct:/jobs/7")))
                .containsExactly(new ControlGroupParent(1, Path.of("/sys/fs/cgroup/cpu,cpuacct/jobs/7")));
    }

    @Test
    void version2IsTriedFromTheOwnGroupUpwards() {
        assertThat(ControlGroupParent.candidates(List.of(V2), List.of("0::/user.slice/a")))
                .extracting(ControlGroupParent::dir)
                .containsExactly(
                        Path.of("/sys/fs/cgroup/user.slice/a"),
                        Path.of("/sys/fs/cgroup/user.slice"),
                        Path.of("/sys/fs/cgroup"));
    }

    @Test
    void version1IsPreferredWhereBothAreMounted() {
        assertThat(ControlGroupParent.candidates(List.of(V2, V1), List.of("1:cpu,cpuacct:/", "0::/")))
                .extracting(ControlGroupParent::version)
                .containsExactly(1, 2);
    }

    /** In a container the mount shows a part of the hierarchy. */
    @Test
    void aGroupBelowAMountOfAPartIsFound() {
        String part = "33 25 0:29 /docker/x /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu";

        assertThat(ControlGroupParent.candidates(List.of(part), List.of("1:cpu:/docker/x/y")))
                .containsExactly(new ControlGroupParent(1, Path.of("/sys/fs/cgroup/cpu/y")));
        assertThat(ControlGroupParent.candidates(List.of(part), List.of("1:cpu:/elsewhere")))
                .containsExactly(new ControlGroupParent(1, Path.of("/sys/fs/cgroup/cpu")));
    }

    @Test
    void thereMayBeNone() {
        assertThat(ControlGroupParent.candidates(List.of(V1_SETS, "no mount"), List.of("3:cpuset:/", "0::/")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.2,20000", "1,100000", "1.234567,123457"})
    void theQuotaIsAPartOfThePeriod(double cpus, long quotaUs) {
        assertThat(CpuControlGroup.quotaUs(cpus)).isEqualTo(quotaUs);
    }

    @Test
    void theThrottledTimeOfBothVersionsIsRead() {
        assertThat(CpuControlGroup.throttledS(List.of("nr_periods 7", "throttled_time 1500000000")))
                .contains(1.5);
        assertThat(CpuControlGroup.throttledS(List.of("usage_usec 9", "throttled_usec 2500000")))
                .contains(2.5);
        assertThat(CpuControlGroup.throttledS(List.of("usage_usec 9"))).isEmpty();
    }

    @Test
    void theAllowedProcessorsAreRead() {
        assertThat(CpuAffinity.allowed(List.of("Cpus_allowed:\tff", "Cpus_allowed_list:\t0-2,5")))
                .containsExactly(0, 1, 2, 5);
    }

    @ParameterizedTest
    @CsvSource({"0.5,1,0.5", "1,1,0", "1.2,2,0.4", "3,3,0"})
    void theLoadTakesWhatIsAboveTheLimit(double cpus, int processors, double share) {
        CpuAffinity.Plan plan = CpuAffinity.Plan.of(cpus, List.of(4, 5, 6));

        assertThat(plan.processors()).hasSize(processors);
        assertThat(plan.loadShare()).isCloseTo(share, within(1e-9));
    }

    @Test
    void moreProcessorsThanAllowedAreRefused() {
        assertThatThrownBy(() -> CpuAffinity.Plan.of(1.5, List.of(3)))
                .hasMessageContaining("1.50 processors")
                .hasMessageContaining("may use 1");
    }

    @ParameterizedTest
    @CsvSource({"399,true", "400,false", "401,false"})
    void theLoadWorksWhileItIsBehind(long usedNs, boolean behind) {
        assertThat(SteadyLoad.isBehind(usedNs, 1000, 0.4)).isEqualTo(behind);
    }

    @Test
    void aCommandInAControlGroupIsThrottledAndTheGroupIsGoneAfterwards() throws Exception {
        Optional<CpuLimit> made = CpuControlGroup.create(0.2, new SecureRandom());
        assumeTrue(made.isPresent(), "no control group can be made here");
        Path group;
        try (CpuLimit limit = made.get()) {
            group = Path.of(limit.through().get(2).replaceFirst("[^']*'([^']*)/cgroup.procs'.*", "$1"));
            assertThat(group).isDirectory();
            assertThat(limit.description()).contains("0.20 processors", "control group (version");
            List<String> command = new ArrayList<>(limit.through());
            command.addAll(List.of(
                    "/bin/sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; cat /proc/self/cgroup"));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("/evenkeel-");
            assertThat(process.waitFor()).isZero();
            assertThat(limit.throttledS()).hasValueSatisfying(s -> assertThat(s).isPositive());
        }
        assertThat(group).doesNotExist();
    }

    @Test
    void anAffinityIsPassedOnAndItsLoadEndsWithIt() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/taskset")), "taskset (util-linux) is not here");
        List<ProcessHandle> before = loads();
        try (CpuLimit limit = CpuAffinity.create(0.9)) {
            assertThat(limit.description()).contains("taskset", "a steady load of 10 % on 1 ");
            assertThat(loads()).hasSize(before.size() + 1);
            List<String> command = new ArrayList<>(limit.through());
            command.addAll(List.of("grep", "Cpus_allowed_list", "/proc/self/status"));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String status = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(CpuAffinity.allowed(List.of(status.trim()))).hasSize(1);
        }
        assertThat(loads()).hasSize(before.size());
    }

    private static List<ProcessHandle> loads() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .toList();
    }
}
