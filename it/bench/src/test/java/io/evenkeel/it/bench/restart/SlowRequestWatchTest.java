package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowRequestWatchTest {
    private static final long MS = 1_000_000;
    private static final long NOW_NS = 100_000 * MS;

    @ParameterizedTest
    @CsvSource({"999,false", "1000,false", "1002,true"})
    void onlyAp99AboveASecondIsSlow(long slowMs, boolean slow) {
        assertThat(SlowRequestWatch.isSlow(samples(2, slowMs, NOW_NS), NOW_NS)).isEqualTo(slow);
    }

    @Test
    void oneInAHundredIsNotThe99thPercentile() {
        assertThat(SlowRequestWatch.isSlow(samples(1, 5000, NOW_NS), NOW_NS)).isFalse();
    }

    @Test
    void whatEndedLongAgoDoesNotCount() {
        assertThat(SlowRequestWatch.isSlow(samples(2, 5000, NOW_NS - 5001 * MS), NOW_NS))
                .isFalse();
        assertThat(SlowRequestWatch.isSlow(List.of(), NOW_NS)).isFalse();
    }

    /** A hundred requests that ended at that time, so many of them slow. */
    private static List<Sample> samples(int slow, long slowMs, long endNs) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long latencyNs = i < slow ? slowMs * MS : 5 * MS;
            samples.add(new Sample(endNs - latencyNs, latencyNs, "node-1", null));
        }
        return samples;
    }
}
