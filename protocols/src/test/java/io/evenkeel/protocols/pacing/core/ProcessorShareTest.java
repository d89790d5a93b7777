package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.protocols.pacing.core.ProcessorShare.Interval;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorShareTest {
    private static final long LENGTH_NS = ProcessorShare.INTERVAL_NS;
    private static final Interval QUIET = new Interval(LENGTH_NS, 0, 10, 0, 0, 0);
    private static final Interval BUSY = new Interval(LENGTH_NS, LENGTH_NS, 10, 0, 0, 0);

    private final ProcessorShare share = new ProcessorShare();

    @Test
    void restsForNothingWhileProcessorsAreLeft() {
        share.onInterval(QUIET);

        assertThat(share.share()).isEqualTo(1);
        assertThat(share.restNs(5_000_000)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "20000000, 10, 0, 0, 0, ",
        "20000001, 10, 0, 0, 0, PROCESSOR",
        "2000000, 0, 0, 0, 0, ",
        "2000001, 0, 0, 0, 0, PROCESSOR",
        "0, 10, 5000000, 0, 0, ",
        "0, 10, 5000001, 0, 0, QUOTA",
        "0, 10, 0, 20000000, 0, ",
        "0, 10, 0, 20000001, 0, HEAP",
        "0, 10, 0, 0, 0.9, ",
        "0, 10, 0, 0, 0.9001, HEAP"
    })
    void fallsWhenThreadsWaitTheQuotaThrottlesOrTheHeapIsCollectedOrFull(
            long waitNs,
            long slices,
            long throttledNs,
            long collectedNs,
            double heapShare,
            Pressure.Shortage shortage) {
        share.onInterval(new Interval(LENGTH_NS, waitNs, slices, throttledNs, collectedNs, heapShare));

        assertThat(share.share() < 1).isEqualTo(shortage != null);
        assertThat(share.pressure().isShort()).isEqualTo(shortage != null);
        assertThat(share.pressure().shortages()).isEqualTo(shortage == null ? Set.of() : Set.of(shortage));
    }

    @Test
    void tellsTheShareThatIsLeft() {
        share.onInterval(new Interval(LENGTH_NS, 50_000_000, 10, 0, 0, 0));

        assertThat(share.pressure()).isEqualTo(new Pressure(80, Set.of(Pressure.Shortage.PROCESSOR)));
        assertThat(share.pressure().percent()).isEqualTo(20);
    }

    @Test
    void aLongTimeInWhichNobodyAskedCountsAsManyRecoveriesButOneShortage() {
        share.onInterval(new Interval(5 * LENGTH_NS, LENGTH_NS, 10, 0, 0, 0));
        assertThat(share.share()).isEqualTo(0.8);

        share.onInterval(new Interval(2 * LENGTH_NS, 0, 0, 0, 0, 0));
        assertThat(share.share()).isCloseTo(0.9, within(1e-9));
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
