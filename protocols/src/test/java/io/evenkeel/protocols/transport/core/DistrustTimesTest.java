package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DistrustTimesTest {
    private final DistrustTimes<String> times = new DistrustTimes<>(100);

    @Test
    void aSecondVerdictEndsAConnectionIfItIsLateEnough() {
        assertThat(times.distrust("a", 0)).isFalse();
        assertThat(times.distrust("a", 99)).isFalse();
        assertThat(times.distrust("b", 99)).isFalse();
        assertThat(times.distrust("a", 100)).isTrue();
        assertThat(times.distrust("b", 198)).isFalse();
    }

    @Test
    void aGoodVerdictBetweenThemClears() {
        times.distrust("a", 0);
        times.clear("a");
        assertThat(times.distrust("a", 100)).isFalse();
        assertThat(times.distrust("a", 200)).isTrue();
    }

    @Test
    void aVerdictIsWaitedForUntilTheConnectionHasEnded() {
        assertThat(times.isWaiting()).isFalse();
        times.distrust("a", 0);
        times.retain(List.of("a", "b"));
        assertThat(times.isWaiting()).isTrue();
        times.retain(List.of("b"));
        assertThat(times.isWaiting()).isFalse();
    }
}
