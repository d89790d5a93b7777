package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowRestsTest {
    private static final long QUANTUM_NS = FlowRests.QUANTUM_NS;

    private final FlowRests rests = new FlowRests();

    @Test
    void restsForNothingWhileNeitherEndIsShort() {
        busy(0, 100 * QUANTUM_NS);

        assertThat(rests.isResting(100 * QUANTUM_NS)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "1, true"})
    void owesARestUntilItIsWorthATick(long more, boolean rests50) {
        rests.setShare(50);
        busy(0, QUANTUM_NS + more);

        assertThat(rests.isResting(QUANTUM_NS + more)).isEqualTo(rests50);
    }

    @Test
    void endsWithTheTimeThatIsOwed() {
        rests.setShare(50);
        busy(0, QUANTUM_NS);

        assertThat(rests.isResting(2 * QUANTUM_NS - 1)).isTrue();
        assertThat(rests.isResting(2 * QUANTUM_NS)).isFalse();
        assertThat(rests.restedNs()).isEqualTo(QUANTUM_NS);
    }

    @Test
    void endsAtOnceWhenNothingIsShortAnyMore() {
        rests.setShare(50);
        busy(0, QUANTUM_NS);

        rests.setShare(100);

        assertThat(rests.isResting(QUANTUM_NS + 1)).isFalse();
    }

    @Test
    void aRestIsNoTimeInWhichItIsBusyThoughSomethingIsUnderWay() {
        rests.setShare(50);
        rests.onSend(0);
        rests.onAck(true, QUANTUM_NS);
        rests.onAck(true, QUANTUM_NS + QUANTUM_NS / 2);
        assertThat(rests.isResting(2 * QUANTUM_NS)).isFalse();

        rests.onAck(false, 3 * QUANTUM_NS - 1);

        assertThat(rests.isResting(3 * QUANTUM_NS - 1)).isFalse();
    }

    @Test
    void noRestIsLongerThanItsLimit() {
        rests.setShare(50);
        long endNs = 50 * ProcessorShare.MAX_REST_NS;
        busy(0, endNs);

        assertThat(rests.isResting(endNs + ProcessorShare.MAX_REST_NS - 1)).isTrue();
        assertThat(rests.isResting(endNs + ProcessorShare.MAX_REST_NS)).isFalse();
    }

    /** Ticks are late, and round trips of any length: on the average the flow is busy for its share. */
    @ParameterizedTest
    @ValueSource(ints = {50, 80, 95})
    void isBusyForItsShareOfTheTimeWhateverWakesIt(int percent) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        rests.setShare(percent);
        long nowNs = 0;
        long busyNs = 0;
        for (int i = 0; i < 20_000; i++) {
            while (rests.isResting(nowNs)) {
                nowNs += QUANTUM_NS + random.nextInt(5_000_000);
            }
            long roundTripNs = 1L + random.nextInt(4_000_000);
            busy(nowNs, nowNs + roundTripNs);
            nowNs += roundTripNs;
            busyNs += roundTripNs;
        }

        assertThat((double) busyNs / nowNs).as("seed %d", seed).isCloseTo(percent / 100.0, within(0.02));
    }

    private void busy(long fromNs, long toNs) {
        rests.onSend(fromNs);
        rests.onAck(false, toNs);
    }
}
