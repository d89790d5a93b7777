package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelayWindowTest {
    private static final PacingPolicy POLICY = PacingPolicy.defaults();
    private static final int FLOOR = POLICY.floorBytes();
    private static final long TARGET_NS = POLICY.targetDelayNs();
    private static final long BASE_NS = 100_000;
    private static final long IDLE_NS = 5_000_000_000L;

    private final DelayWindow window = new DelayWindow(POLICY, 1, 0);
    private long nowNs;

    @Test
    void admitsUpToTheWindowAndNotOneByteMore() {
        int first = 10_000;
        window.onSend(first, nowNs);
        int room = (int) window.windowBytes() - first;

        assertThat(window.admits(room - 1)).isTrue();
        assertThat(window.admits(room)).isTrue();
        assertThat(window.admits(room + 1)).isFalse();
    }

    @Test
    void oneMessageMayAlwaysGoWhenNothingIsUnderWay() {
        assertThat(window.admits(Integer.MAX_VALUE)).isTrue();
        window.onSend(1, nowNs);
        assertThat(window.admits(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void aPartFillsTheRoomUnlessTheRoomIsTiny() {
        int fragment = Parts.fullBytes(window.windowBytes());
        int half = fragment / 2;
        window.onSend((int) window.windowBytes() - half, nowNs);
        assertThat(window.partBytes(100_000)).isEqualTo(half);

        window.onSend(1, nowNs);
        assertThat(window.partBytes(100_000)).isEqualTo(fragment);
        assertThat(window.partBytes(7)).isEqualTo(7);
    }

    @Test
    void slowStartDoublesPerRoundTripOfAFullWindow() {
        roundTrip(BASE_NS, 0);
        long before = window.windowBytes();

        roundTrip(BASE_NS, before);

        assertThat(window.windowBytes()).isEqualTo(2 * before);
    }

    @Test
    void aWindowThatHeldNothingBackDoesNotGrow() {
        long before = window.windowBytes();
        window.onSend((int) before / 2, nowNs);
        answer(BASE_NS);

        assertThat(window.windowBytes()).isEqualTo(before);
    }

    @Test
    void belowTheTargetItGrowsAboveItShrinksAtItTheConstantIsLeft() {
        settle();
        long below = afterDelayOf(TARGET_NS - TARGET_NS / 10);
        long exact = afterDelayOf(TARGET_NS);
        long above = afterDelayOf(TARGET_NS + TARGET_NS / 10);

        assertThat(below).isGreaterThan(DelayWindow.INCREMENT_BYTES);
        assertThat(exact).isBetween(DelayWindow.INCREMENT_BYTES - 2L, DelayWindow.INCREMENT_BYTES + 2L);
        assertThat(above).isNegative();
    }

    @Test
    void aRoundTripTakesAwayNoMoreThanTheDecrease() {
        settle();
        long before = window.windowBytes();

        long change = afterDelayOf(100 * TARGET_NS);

        assertThat(change)
                .isBetween((long) (-POLICY.decrease() * before) - 2, (long) (-POLICY.decrease() * before) + 2);
    }

    @Test
    void neverLeavesFloorAndCap() {
        for (int i = 0; i < 50; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        assertThat(window.windowBytes()).isEqualTo(POLICY.capBytes());
        for (int i = 0; i < 50; i++) {
            roundTrip(BASE_NS + 10 * TARGET_NS, window.windowBytes());
        }
        assertThat(window.windowBytes()).isEqualTo(FLOOR);
    }

    @Test
    void aDelayTakesBackAWindowThatWasNotUsed() {
        for (int i = 0; i < 5; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        long before = window.windowBytes();
        for (int i = 0; i < QueueingDelay.FILTER; i++) {
            window.onSend(FLOOR + 1_000, nowNs);
            answer(BASE_NS + 2 * TARGET_NS);
        }

        assertThat(before).isGreaterThan(20L * FLOOR);
        assertThat(window.windowBytes()).isBetween((long) FLOOR, FLOOR + 1_000L);
    }

    @Test
    void aSmallMessageThatFoundNoQueueTakesNothingBack() {
        for (int i = 0; i < 5; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        for (int i = 0; i < QueueingDelay.FILTER; i++) {
            window.onSend(20 * FLOOR, nowNs);
            answer(BASE_NS + 2 * TARGET_NS);
        }
        long before = window.windowBytes();

        window.onSend(1_000, nowNs);
        answer(BASE_NS);

        assertThat(before).isGreaterThan(4L * FLOOR);
        assertThat(window.windowBytes()).isGreaterThan(before * 9 / 10);
    }

    @Test
    void aTimeoutWhileTheQueueIsDrainedForgetsNotWhereItWas() {
        for (int i = 0; i < 5; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        settle();
        nowNs += POLICY.slowdownIntervalNs();
        window.admits(Integer.MAX_VALUE);
        roundTrip(BASE_NS + TARGET_NS, window.windowBytes());
        assertThat(window.windowBytes()).isEqualTo(FLOOR);

        window.onSend(FLOOR, nowNs);
        answerAtTheTimeout();
        for (int i = 0; i < 4; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }

        assertThat(window.windowBytes()).isGreaterThan(4L * FLOOR);
    }

    @Test
    void delaysFromBeforeASilenceDoNotOutweighTheAnswerThatEndsIt() {
        settle();
        long before = window.windowBytes();
        window.admits(Integer.MAX_VALUE);
        window.onSend(1, nowNs);
        answerAtTheTimeout();

        assertThat(window.queueingDelayNs()).isEqualTo(POLICY.probeTimeoutNs() - BASE_NS);
        assertThat(window.windowBytes()).isLessThanOrEqualTo(before / 2);
    }

    @Test
    void timeMakesAProbeDueOnlyWhileNoOtherIsOnItsWay() {
        settle();
        window.onSend(1_000, nowNs);
        long first = window.onProbe(nowNs);
        window.onSend(1_000, nowNs);
        long lateNs = nowNs + POLICY.probeIntervalNs();

        assertThat(window.probeDue(true, lateNs)).isFalse();
        window.onAck(first, lateNs);
        assertThat(window.probeDue(true, lateNs)).isTrue();
    }

    @Test
    void everySecondPartOfAQuarterOfTheWindowCarriesAProbe() {
        for (int i = 0; i < 2; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        assertThat(window.windowBytes())
                .isBetween(4L * PacingPolicy.MIN_FRAGMENT_BYTES, 4L * PacingPolicy.MAX_FRAGMENT_BYTES);

        window.onSend(Parts.fullBytes(window.windowBytes()), nowNs);
        assertThat(window.probeDue(true, nowNs)).isFalse();
        window.onSend(Parts.fullBytes(window.windowBytes()), nowNs);
        assertThat(window.probeDue(true, nowNs)).isTrue();
    }

    @Test
    void aProbeIsTakenForLostAfterFiveTimeoutsAndThenFollowedByAnother() {
        settle();
        window.onSend(1_000, nowNs);
        window.onProbe(nowNs);
        long lostNs = nowNs + 5 * POLICY.probeTimeoutNs();

        assertThat(window.onTick(lostNs - 1)).isFalse();
        assertThat(window.lostProbes()).isZero();
        assertThat(window.onTick(lostNs)).isTrue();
        assertThat(window.lostProbes()).isEqualTo(1);
        window.onProbe(lostNs);
        assertThat(window.onTick(lostNs + POLICY.probeTimeoutNs())).isFalse();
    }

    @Test
    void silenceCostsHalfTheWindowOnceAtTheTimeoutHoweverManyProbesWent() {
        settle();
        long before = window.windowBytes();
        window.onSend(1_000, nowNs);
        window.onProbe(nowNs);
        window.onProbe(nowNs + 1_000_000);
        long timeoutNs = nowNs + POLICY.probeTimeoutNs();

        window.onTick(timeoutNs - 1);
        assertThat(window.windowBytes()).isEqualTo(before);
        window.onTick(timeoutNs);
        assertThat(window.windowBytes()).isEqualTo(before / 2);
        window.onTick(timeoutNs + 1);
        assertThat(window.windowBytes()).isEqualTo(before / 2);
    }

    @Test
    void anAnswerSettlesAllThatWasSentBeforeItsProbeAndTheProbesBefore() {
        window.onSend(1_000, nowNs);
        long first = window.onProbe(nowNs);
        window.onSend(2_000, nowNs);
        long second = window.onProbe(nowNs);
        window.onSend(4_000, nowNs);

        assertThat(window.onAck(second, 10)).isTrue();
        assertThat(window.inFlightBytes()).isEqualTo(4_000);
        assertThat(window.onAck(first, 20)).isFalse();
        assertThat(window.onAck(second + 1, 20)).isFalse();
        assertThat(window.inFlightBytes()).isEqualTo(4_000);
    }

    @Test
    void startsOverAfterALongSilence() {
        for (int i = 0; i < 5; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        long lastSendNs = nowNs - BASE_NS;
        long before = window.windowBytes();

        window.beforeSend(lastSendNs + IDLE_NS);
        assertThat(window.windowBytes()).isEqualTo(before);
        window.beforeSend(lastSendNs + IDLE_NS + 1);
        assertThat(window.windowBytes()).isEqualTo(2L * FLOOR);
        assertThat(window.baseDelayNs()).isZero();
    }

    @Test
    void drainsItsQueueOnceInAnIntervalIfItNeverIsIdle() {
        settle();
        nowNs += POLICY.slowdownIntervalNs();
        window.admits(Integer.MAX_VALUE);
        roundTrip(BASE_NS + TARGET_NS, window.windowBytes());
        assertThat(window.windowBytes()).isEqualTo(FLOOR);

        roundTrip(BASE_NS, FLOOR);
        assertThat(window.windowBytes()).isEqualTo(FLOOR);
        roundTrip(BASE_NS, FLOOR);
        roundTrip(BASE_NS, FLOOR);
        assertThat(window.windowBytes()).isEqualTo(2L * FLOOR);
    }

    /** The answer that ends it has seen the empty queue, so a late one after it is no queue yet. */
    @Test
    void oneLateAnswerAfterDrainingDoesNotKeepItAtTheFloor() {
        settle();
        nowNs += POLICY.slowdownIntervalNs();
        window.admits(Integer.MAX_VALUE);
        roundTrip(BASE_NS + TARGET_NS, window.windowBytes());
        roundTrip(BASE_NS, FLOOR);
        roundTrip(BASE_NS, FLOOR);

        roundTrip(BASE_NS + 2 * TARGET_NS, FLOOR);

        assertThat(window.windowBytes()).isEqualTo(2L * FLOOR);
    }

    @Test
    void theLimitsCanBeChangedWhileItRuns() {
        for (int i = 0; i < 8; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        PacingPolicy d = POLICY;
        window.setPolicy(new PacingPolicy(
                d.targetDelayNs(),
                FLOOR,
                4 * FLOOR,
                d.gain(),
                d.decrease(),
                d.baseHistoryNs(),
                d.slowdownIntervalNs(),
                d.probeIntervalNs(),
                d.probeTimeoutNs(),
                d.maxWaitNs(),
                d.maxQueueBytes()));

        assertThat(window.windowBytes()).isEqualTo(4L * FLOOR);
    }

    @Test
    void whereAnEndIsShortPartsAreAsLargeAsTheyMayBeAndOneMayAlwaysBeUnderWay() {
        fallToFloor();
        assertThat(window.partBytes(100_000)).isEqualTo(PacingPolicy.MIN_FRAGMENT_BYTES);

        window.setAnEndShort(true);
        roundTrip(BASE_NS + 100 * TARGET_NS, window.windowBytes());

        assertThat(window.windowBytes()).isGreaterThanOrEqualTo(PacingPolicy.MAX_FRAGMENT_BYTES);
        assertThat(window.partBytes(100_000)).isEqualTo(PacingPolicy.MAX_FRAGMENT_BYTES);
    }

    /** So nobody gets more of a cable by a claim: what makes the window grow and fall is the delay alone. */
    @Test
    void whereAnEndIsShortTheWindowStillFollowsTheDelay() {
        window.setAnEndShort(true);
        roundTrip(BASE_NS, 0);
        for (int i = 0; i < 20; i++) {
            roundTrip(BASE_NS, window.windowBytes());
        }
        assertThat(window.windowBytes()).isEqualTo(POLICY.capBytes());

        for (int i = 0; i < 60; i++) {
            roundTrip(BASE_NS + 10 * TARGET_NS, window.windowBytes());
        }

        assertThat(window.windowBytes()).isEqualTo(PacingPolicy.MAX_FRAGMENT_BYTES);
    }

    @Test
    void whatWasLargeForAnEndThatWasShortIsNotForACable() {
        window.setAnEndShort(true);
        roundTrip(BASE_NS, 0);
        roundTrip(BASE_NS + 100 * TARGET_NS, window.windowBytes());

        window.setAnEndShort(false);
        fallToFloor();

        assertThat(window.windowBytes()).isEqualTo(FLOOR);
    }

    private void fallToFloor() {
        roundTrip(BASE_NS, 0);
        for (int i = 0; i < 60; i++) {
            roundTrip(BASE_NS + 100 * TARGET_NS, window.windowBytes());
        }
    }

    /** Out of slow start, with a base delay and all else settled. */
    private void settle() {
        roundTrip(BASE_NS, 0);
        roundTrip(BASE_NS, window.windowBytes());
        roundTrip(BASE_NS, window.windowBytes());
        for (int i = 0; i < QueueingDelay.FILTER; i++) {
            window.onSend(1, nowNs);
            answer(BASE_NS + TARGET_NS * 9 / 10);
        }
    }

    /**
     * The change of the window over one round trip of a full window, everything before it having had the same delay.
     */
    private long afterDelayOf(long delayNs) {
        for (int i = 1; i < QueueingDelay.FILTER; i++) {
            answer(BASE_NS + delayNs);
        }
        long before = window.windowBytes();
        roundTrip(BASE_NS + delayNs, before);
        return window.windowBytes() - before;
    }

    private void roundTrip(long roundTripNs, long bytes) {
        window.onSend((int) bytes, nowNs);
        if (bytes > 0) {
            window.admits(Integer.MAX_VALUE);
        }
        answer(roundTripNs);
    }

    private void answer(long roundTripNs) {
        long probe = window.onProbe(nowNs);
        nowNs += roundTripNs;
        window.onAck(probe, nowNs);
    }

    /** The answer comes at the timeout, which was seen first. */
    private void answerAtTheTimeout() {
        long probe = window.onProbe(nowNs);
        nowNs += POLICY.probeTimeoutNs();
        window.onTick(nowNs);
        window.onAck(probe, nowNs);
    }
}
