package io.evenkeel.protocols.pace.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.pace.core.ProcessorShare.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorShareTest {
    private static final long LENGTH_NS = ProcessorShare.INTERVAL_NS;
    private static final Interval QUIET = new Interval(LENGTH_NS, 0, 10, 0, 0);
    private static final Interval BUSY = new Interval(LENGTH_NS, LENGTH_NS, 10, 0, 0);

    private final ProcessorShare share = new ProcessorShare();

    @Test
    void restsForNothingWhileProcessorsAreLeft() {
        share.onInterval(QUIET);

        assertThat(share.share()).isEqualTo(1);
        assertThat(share.restNs(5_000_000)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "20000000, 10, 0, 0, false",
        "20000001, 10, 0, 0, true",
        "2000000, 0, 0, 0, false",
        "2000001, 0, 0, 0, true",
        "0, 10, 5000000, 0, false",
        "0, 10, 5000001, 0, true",
        "0, 10, 0, 20000000, false",
        "0, 10, 0, 20000001, true"
    })
    void fallsWhenThreadsWaitTheQuotaThrottlesOrTheHeapIsCollected(
            long waitNs, long slices, long throttledNs, long collectedNs, boolean falls) {
        share.onInterval(new Interval(LENGTH_NS, waitNs, slices, throttledNs, collectedNs));

        assertThat(share.share() < 1).isEqualTo(falls);
    }

    @Test
    void fallsToItsFloorAndComesBack() {
        for (int i = 0; i < 100; i++) {
            share.onInterval(BUSY);
        }
        assertThat(share.share()).isEqualTo(ProcessorShare.FLOOR);
        assertThat(share.restNs(5_000_000)).isEqualTo(5_000_000);

        for (int i = 0; i < 100; i++) {
            share.onInterval(QUIET);
        }
        assertThat(share.share()).isEqualTo(1);
    }

    @Test
    void noRestIsLongerThanItsLimit() {
        for (int i = 0; i < 100; i++) {
            share.onInterval(BUSY);
        }

        assertThat(share.restNs(ProcessorShare.MAX_REST_NS)).isEqualTo(ProcessorShare.MAX_REST_NS);
        assertThat(share.restNs(10 * ProcessorShare.MAX_REST_NS)).isEqualTo(ProcessorShare.MAX_REST_NS);
    }
}
