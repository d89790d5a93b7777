package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RestartTimesTest {
    private static final long S = 1_000_000_000;

    /** Stopped at 2 s, channel at 12 s, ready at 20 s; rebalances finished at those times. */
    private static RestartTimes restart(long... finishedS) {
        List<Long> finishedNs = LongStream.of(finishedS).map(s -> s * S).boxed().toList();
        return new RestartTimes("node-1", 0, 2 * S, 12 * S, 20 * S, finishedNs);
    }

    @Test
    void theRebalancesBeforeTheChannelAreTheLeave() {
        RestartTimes times = restart(1, 5, 14, 16);

        assertThat(times.windows(cpu()))
                .extracting(Window::phase, Window::fromNs, Window::toNs)
                .containsExactly(
                        tuple(Phase.LEAVE, 0L, 5 * S),
                        tuple(Phase.BOOT, 5 * S, 12 * S),
                        tuple(Phase.TRANSFER, 12 * S, 16 * S),
                        tuple(Phase.BOOT, 16 * S, 20 * S));
        assertThat(times.settledNs()).isEqualTo(20 * S);
    }

    @Test
    void aRebalanceThatOutlastsTheBootIsTheEnd() {
        RestartTimes times = restart(1, 25);

        assertThat(times.leftNs()).isEqualTo(2 * S);
        assertThat(times.settledNs()).isEqualTo(25 * S);
        assertThat(times.windows(cpu())).hasSize(3);
    }

    @Test
    void withoutRebalancesThereIsOnlyTheBoot() {
        RestartTimes times = restart();

        assertThat(times.leftNs()).isEqualTo(2 * S);
        assertThat(times.transferredNs()).isEqualTo(12 * S);
        assertThat(times.settledNs()).isEqualTo(20 * S);
    }

    @Test
    void theCpuOfTheStartingJvmIsCutByTheSameMoments() {
        CpuMeter cpu = new CpuMeter(2 * S);
        cpu.add(12 * S, 15);
        cpu.add(20 * S, 23);

        List<Window> windows = restart(5, 14).windows(cpu);

        assertThat(windows.get(0).startingCpuS()).isCloseTo(4.5, within(0.001));
        assertThat(windows.get(1).startingCpuS()).isCloseTo(10.5, within(0.001));
        assertThat(windows.get(2).startingCpuS()).isCloseTo(2, within(0.001));
    }

    @Test
    void aWindowLeavesOutTheAbsentNodeAndItsOwnEnd() {
        Window window = new Window(Phase.BOOT, 10, 20, Optional.of("node-1"), 0);

        assertThat(window.holds(sample(9, "node-2"))).isFalse();
        assertThat(window.holds(sample(10, "node-2"))).isTrue();
        assertThat(window.holds(sample(19, "node-2"))).isTrue();
        assertThat(window.holds(sample(20, "node-2"))).isFalse();
        assertThat(window.holds(sample(15, "node-1"))).isFalse();
        assertThatThrownBy(() -> new Window(Phase.BOOT, 20, 10, Optional.empty(), 0))
                .hasMessageContaining("BOOT ends 10 ns before");
    }

    private static CpuMeter cpu() {
        return new CpuMeter(2 * S);
    }

    private static Sample sample(long intendedNs, String node) {
        return new Sample(intendedNs, 1, node, null);
    }
}
