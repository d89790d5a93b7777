package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueingDelayTest {
    private static final long HISTORY_NS = 3_000;
    private static final long BUCKET_NS = 1_000;
    private static final long IN_FLIGHT_BYTES = 40_000;

    private final QueueingDelay delay = new QueueingDelay(HISTORY_NS, 0);

    @Test
    void knowsNothingWithoutASample() {
        assertThat(delay.baseNs()).isZero();
        assertThat(delay.currentNs()).isZero();
        assertThat(delay.queueingNs()).isZero();
    }

    @Test
    void theQueueIsTheSmallestOfTheLatestAboveTheSmallestOfAll() {
        add(0, 100);
        add(1, 900, 1_000, 700, 800);

        assertThat(delay.baseNs()).isEqualTo(100);
        assertThat(delay.queueingNs()).isEqualTo(600);
    }

    @Test
    void threeLateAnswersInFourAreNoQueue() {
        add(0, 100, 5_000, 9_000, 7_000);
        assertThat(delay.queueingNs()).isZero();

        add(1, 4_000);
        assertThat(delay.queueingNs()).isEqualTo(3_900);
    }

    @Test
    void theFirstPartOfAChunkSaysNothingOfTheQueueBehindIt() {
        delay.add(100, 8_000, 0);
        delay.add(900, 16_000, 0);
        delay.add(1_500, 24_000, 0);
        delay.add(2_000, 32_000, 0);

        assertThat(delay.baseNs()).isEqualTo(100);
        assertThat(delay.queueingNs()).isEqualTo(800);
    }

    @Test
    void aBaseIsForgottenWithItsBucket() {
        add(0, 100);
        add(BUCKET_NS, 300);
        add(HISTORY_NS - 1, 500);
        assertThat(delay.baseNs()).isEqualTo(100);

        add(HISTORY_NS, 500);
        assertThat(delay.baseNs()).isEqualTo(300);
    }

    @Test
    void aLongSilenceForgetsEveryBase() {
        add(0, 100);
        add(100 * HISTORY_NS, 700);

        assertThat(delay.baseNs()).isEqualTo(700);
    }

    @Test
    void forgettingTheLatestKeepsTheBase() {
        add(0, 100, 900, 900, 900, 900);
        delay.forgetLatest();
        assertThat(delay.queueingNs()).isZero();

        add(1, 700);
        assertThat(delay.queueingNs()).isEqualTo(600);
    }

    @Test
    void resetForgets() {
        add(0, 100);
        delay.reset(5);

        assertThat(delay.baseNs()).isZero();
        assertThat(delay.currentNs()).isZero();
    }

    private void add(long nowNs, long... roundTripsNs) {
        for (long roundTripNs : roundTripsNs) {
            delay.add(roundTripNs, IN_FLIGHT_BYTES, nowNs);
        }
    }
}
