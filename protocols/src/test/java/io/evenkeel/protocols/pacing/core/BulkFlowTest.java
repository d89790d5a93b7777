package io.evenkeel.protocols.pacing.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BulkFlowTest {
    private static final PacingPolicy POLICY = PacingPolicy.defaults();
    private static final int BIG = 1_000_000;
    private static final Pressure SHORT = new Pressure(50, Set.of(Pressure.Shortage.QUOTA));

    private final BulkFlow<String> flow = new BulkFlow<>(POLICY, 1, 0);
    private long nowNs;

    @Test
    void aNewPeerIsAskedBeforeThereIsBulkForIt() {
        assertThat(flow.next(0)).isInstanceOf(Step.Probe.class);
        assertThat(flow.next(0)).isNull();
        assertThat(flow.needsTicks()).isTrue();
    }

    @Test
    void whileThePeerIsNotKnownOneMessageGoesWholeBehindEachProbe() {
        flow.next(0);
        flow.offer("a", BIG, true, 0);
        flow.offer("b", BIG, true, 0);
        flow.offer("c", BIG, true, 0);

        assertThat(onTrial(0)).containsExactly("a");
        assertThat(onTrial(POLICY.probeTimeoutNs() - 1)).isEmpty();
        assertThat(onTrial(POLICY.probeTimeoutNs())).containsExactly("b");
        assertThat(flow.offer("d", 10, true, nowNs)).isEqualTo(Offer.QUEUED);
    }

    @Test
    void whatWaitsForAnAnswerGoesInPartsOnceItComes() {
        Step.Probe<String> probe = (Step.Probe<String>) flow.next(0);
        flow.offer("a", BIG, true, 0);
        flow.offer("b", BIG, true, 0);
        onTrial(0);

        assertThat(flow.onAnswer(probe.number(), 100_000)).isFalse();
        nowNs = 100_000;

        // The trial fills the window, so the rest waits for the answer to what went with it.
        Step.Probe<String> second = (Step.Probe<String>) flow.next(nowNs);
        assertThat(flow.next(nowNs)).isNull();
        flow.onAnswer(second.number(), nowNs + 100_000);
        assertThat(sends()).isNotEmpty().noneMatch(Step.Send::isWhole);
    }

    /** It sends one as soon as it has its first view, so before it asks for state. */
    @Test
    void aProbeOfThePeerSaysThatItHasStateFc() {
        flow.next(0);
        assertThat(flow.onPeerProbe()).isFalse();

        assertThat(flow.isPeerPresent()).isTrue();
        flow.offer("a", BIG, true, 0);
        assertThat(sends()).isNotEmpty().noneMatch(Step.Send::isWhole);
    }

    @Test
    void silenceCountsOnlyFromTheFirstBulkOn() {
        for (nowNs = 0; nowNs < 10 * POLICY.probeTimeoutNs(); nowNs += POLICY.probeTimeoutNs()) {
            assertThat(flow.onTick(nowNs)).isFalse();
            flow.next(nowNs);
        }
        assertThat(flow.isPeerSilent()).isFalse();
        assertThat(flow.needsTicks()).isFalse();

        flow.offer("a", 10, true, nowNs);

        assertThat(flow.next(nowNs)).isInstanceOf(Step.Probe.class);
        assertThat(flow.needsTicks()).isTrue();
    }

    @Test
    void aPeerThatLeavesFiveProbesUnansweredIsSilentAndWhatWaitsGoes() {
        for (int i = 0; i < 8; i++) {
            flow.offer("m" + i, BIG, true, 0);
        }
        int said = 0;
        int probes = 0;
        int sent = 0;
        for (nowNs = 0; nowNs <= 5 * POLICY.probeTimeoutNs(); nowNs += POLICY.probeTimeoutNs()) {
            said += flow.onTick(nowNs) ? 1 : 0;
            assertThat(flow.isPeerSilent()).isEqualTo(nowNs == 5 * POLICY.probeTimeoutNs());
            for (Step<String> step = flow.next(nowNs); step != null; step = flow.next(nowNs)) {
                probes += step instanceof Step.Probe ? 1 : 0;
                sent += step instanceof Step.Send ? 1 : 0;
            }
        }

        assertThat(said).isEqualTo(1);
        assertThat(probes).isEqualTo(5);
        assertThat(sent).isEqualTo(8);
        assertThat(flow.needsTicks()).isFalse();
        assertThat(flow.offer("next", 10, true, nowNs)).isEqualTo(Offer.PASS_SILENT_PEER);
    }

    /** Chunk by chunk, as each waits for the answer to the one before: the queue is empty time and again. */
    @Test
    void aPeerWithoutStateFcIsSilentAfterABoundedTimeWhateverTheQueueHolds() {
        for (nowNs = 0; !flow.isPeerSilent(); nowNs += POLICY.probeTimeoutNs() / 2) {
            flow.offer("a", 10, true, nowNs);
            sends();
            flow.onTick(nowNs);
            assertThat(nowNs).isLessThan(10 * POLICY.probeTimeoutNs());
        }
    }

    @Test
    void aSilentPeerIsAskedAgainLessAndLessOftenAndPacedOnceItAnswers() {
        silence();
        List<Long> pausesMs = new ArrayList<>();
        long before = nowNs;
        Step.Probe<String> probe = null;
        while (pausesMs.size() < 8) {
            nowNs += 100_000_000L;
            assertThat(flow.offer("a", 10, true, nowNs)).isEqualTo(Offer.PASS_SILENT_PEER);
            if (flow.next(nowNs) instanceof Step.Probe<String> next) {
                probe = next;
                pausesMs.add((nowNs - before) / 1_000_000);
                before = nowNs;
            }
        }
        assertThat(pausesMs).isSorted().allMatch(pause -> pause <= 30_000).endsWith(30_000L);

        assertThat(flow.onAnswer(probe.number(), nowNs)).isTrue();

        assertThat(flow.offer("a", 10, true, nowNs)).isEqualTo(Offer.QUEUED);
    }

    @Test
    void aLateAnswerAndAProbeOfThePeerEndItsSilenceToo() {
        Step.Probe<String> first = (Step.Probe<String>) flow.next(0);
        silence();
        assertThat(flow.onAnswer(first.number(), nowNs)).isTrue();
        assertThat(flow.onAnswer(first.number(), nowNs)).isFalse();

        BulkFlow<String> other = new BulkFlow<>(POLICY, 1, 0);
        silence(other);
        assertThat(other.onPeerProbe()).isTrue();
        assertThat(other.isPeerPresent()).isTrue();
    }

    @Test
    void partsOfABigMessageGoInOrderAsFarAsTheWindowReaches() {
        meetPeer();
        flow.offer("big", BIG, true, nowNs);
        flow.offer("small", 100, true, nowNs);

        List<Step.Send<String>> sent = sends();

        assertThat(sent).allMatch(send -> send.message().equals("big") && send.why() == Step.Why.WINDOW);
        int offset = 0;
        for (Step.Send<String> send : sent) {
            assertThat(send.offsetBytes()).isEqualTo(offset);
            assertThat(send.lengthBytes()).isLessThanOrEqualTo(PacingPolicy.MAX_FRAGMENT_BYTES);
            assertThat(send.isWhole()).isFalse();
            assertThat(send.isLast()).isFalse();
            offset += send.lengthBytes();
        }
        assertThat((long) offset)
                .isEqualTo(flow.window().inFlightBytes())
                .isLessThanOrEqualTo(flow.window().windowBytes());
        assertThat(flow.queuedBytes()).isEqualTo(BIG + 100L - offset);
    }

    @Test
    void aMessageThatFillsHalfOfTheWindowGoesWholeAndOneByteMoreInParts() {
        meetPeer();
        int half = (int) (flow.window().windowBytes() / 2);
        flow.offer("half", half, true, nowNs);
        assertThat(sends()).singleElement().matches(Step.Send::isWhole);

        BulkFlow<String> other = new BulkFlow<>(POLICY, 1, 0);
        other.onAnswer(((Step.Probe<String>) other.next(0)).number(), nowNs);
        other.offer("more", half + 1, true, nowNs);
        assertThat(((Step.Send<String>) other.next(nowNs)).isWhole()).isFalse();
    }

    @Test
    void aPartCarriesTheProbeAndNothingElseGoes() {
        meetPeer();
        flow.offer("small", quarter(), true, nowNs);

        Step.Send<String> send = (Step.Send<String>) flow.next(nowNs);
        assertThat(send.isWhole()).isTrue();
        assertThat(send.probe()).isPositive();
        assertThat(flow.next(nowNs)).isNull();

        flow.onAnswer(send.probe(), nowNs + 1);
        assertThat(flow.window().inFlightBytes()).isZero();
    }

    @Test
    void whatGoesAsItIsIsFollowedByAProbe() {
        meetPeer();
        flow.offer("object", quarter(), false, nowNs);

        assertThat(((Step.Send<String>) flow.next(nowNs)).probe()).isZero();
        assertThat(flow.next(nowNs)).isInstanceOf(Step.Probe.class);
        assertThat(flow.next(nowNs)).isNull();
    }

    @Test
    void whatLeavesTheWindowOpenIsAcknowledgedWithWhatFollowsOrAfterAWhile() {
        meetPeer();
        flow.offer("small", quarter() - 1, true, nowNs);
        assertThat(((Step.Send<String>) flow.next(nowNs)).probe()).isZero();
        assertThat(flow.next(nowNs)).isNull();
        assertThat(flow.needsTicks()).isTrue();

        nowNs += POLICY.probeIntervalNs();
        Step.Probe<String> probe = (Step.Probe<String>) flow.next(nowNs);
        flow.onAnswer(probe.number(), nowNs);
        assertThat(flow.window().inFlightBytes()).isZero();
        assertThat(flow.needsTicks()).isFalse();
    }

    @Test
    void aMessageThatCannotBeDividedGoesWhole() {
        meetPeer();
        flow.offer("object", BIG, false, nowNs);

        assertThat(sends()).singleElement().satisfies(send -> {
            assertThat(send.isWhole()).isTrue();
            assertThat(send.isLast()).isTrue();
        });
    }

    @Test
    void aMessageGoesAtItsLongestWaitWindowOrNot() {
        meetPeer();
        flow.offer("big", BIG, true, nowNs);
        long offeredNs = nowNs;
        sends();

        nowNs = offeredNs + POLICY.maxWaitNs() - 1;
        assertThat(sends()).isEmpty();
        nowNs = offeredNs + POLICY.maxWaitNs();
        List<Step.Send<String>> rest = sends();

        assertThat(rest).isNotEmpty().allMatch(send -> send.why() == Step.Why.WAITED);
        assertThat(rest.get(rest.size() - 1).isLast()).isTrue();
        assertThat(flow.longestWaitNs()).isEqualTo(POLICY.maxWaitNs());
    }

    @Test
    void turnedOffItLetsGoWhatWaitedAndThenPasses() {
        meetPeer();
        flow.offer("big", BIG, true, nowNs);
        sends();
        flow.offer("next", BIG, true, nowNs);
        flow.setEnabled(false);

        assertThat(flow.offer("last", 100, true, nowNs)).isEqualTo(Offer.QUEUED);
        List<Step.Send<String>> rest = sends();

        assertThat(rest.get(rest.size() - 1).message()).isEqualTo("last");
        assertThat(rest).filteredOn(Step.Send::isWhole).hasSize(2);
        assertThat(flow.offer("after", 100, true, nowNs)).isEqualTo(Offer.PASS_DISABLED);
    }

    @Test
    void nothingPassesWhileTheLastMessageIsStillBeingSent() {
        meetPeer();
        flow.offer("first", 100, true, nowNs);
        assertThat(flow.next(nowNs)).isInstanceOf(Step.Send.class);
        flow.setEnabled(false);

        assertThat(flow.offer("second", 100, true, nowNs)).isEqualTo(Offer.QUEUED);
    }

    @Test
    void theQueueTakesItsBoundAndNotOneByteMore() {
        meetPeer();
        int half = (int) (POLICY.maxQueueBytes() / 2);
        assertThat(flow.offer("a", half, true, nowNs)).isEqualTo(Offer.QUEUED);
        assertThat(flow.offer("b", half - 1, true, nowNs)).isEqualTo(Offer.QUEUED);
        assertThat(flow.offer("c", 2, true, nowNs)).isEqualTo(Offer.OVERFLOW);
        assertThat(flow.offer("c", 1, true, nowNs)).isEqualTo(Offer.QUEUED);
        assertThat(flow.offer("d", 1, true, nowNs)).isEqualTo(Offer.OVERFLOW);

        List<String> order = new ArrayList<>();
        for (Step<String> step = flow.nextOverflowing(nowNs); step != null; step = flow.nextOverflowing(nowNs)) {
            order.add(((Step.Send<String>) step).message());
        }
        assertThat(order).containsExactly("a", "b", "c");
        assertThat(flow.queuedBytes()).isZero();
    }

    @Test
    void whatWaitedForOneWhoIsGoneIsGivenBackInOrder() {
        meetPeer();
        flow.offer("a", BIG, true, nowNs);
        flow.offer("b", BIG, true, nowNs);
        sends();

        assertThat(flow.giveUp()).containsExactly("a", "b");
        assertThat(flow.queuedBytes()).isZero();
        assertThat(sends()).isEmpty();
    }

    @Test
    void whoeverComesAfterTheEndIsNotKeptForOneWhoIsGone() {
        meetPeer();
        flow.giveUp();

        assertThat(flow.offer("late", 10, true, nowNs)).isEqualTo(Offer.PASS_GONE);
        assertThat(flow.queuedMessages()).isZero();
    }

    /** Earlier parts say nothing any more, so the probe that goes first has to. */
    @Test
    void afterALongSilenceTheFirstProbeIsTheBase() {
        meetPeer();
        nowNs += 6_000_000_000L;
        flow.offer("chunk", BIG, true, nowNs);

        Step.Probe<String> probe = (Step.Probe<String>) flow.next(nowNs);
        List<Step.Send<String>> sent = sends();
        flow.onAnswer(probe.number(), nowNs + 300_000);

        assertThat(sent).isNotEmpty();
        assertThat(flow.window().baseDelayNs()).isEqualTo(300_000);
    }

    @Test
    void anEmptyMessageKeepsItsPlace() {
        meetPeer();
        flow.offer("part", BIG, true, nowNs);
        flow.offer("end", 0, true, nowNs);
        flow.setEnabled(false);

        assertThat(sends()).extracting(Step.Send::message).endsWith("part", "end");
    }

    @Test
    void restsForAPeerThatIsShortAndGoesOn() {
        meetPeer();
        flow.onPeerPressure(SHORT, nowNs);
        flow.offer("chunk", BIG, true, nowNs);
        answerAfter(FlowRests.QUANTUM_NS);

        assertThat(sends()).isEmpty();
        assertThat(flow.needsTicks()).isTrue();
        nowNs += FlowRests.QUANTUM_NS;
        assertThat(sends()).isNotEmpty();
        assertThat(flow.restedNs()).isEqualTo(FlowRests.QUANTUM_NS);
    }

    @Test
    void restsForItsOwnShortageToo() {
        meetPeer();
        flow.setOwnPressure(SHORT);
        flow.offer("chunk", BIG, true, nowNs);
        answerAfter(FlowRests.QUANTUM_NS);

        assertThat(sends()).isEmpty();
    }

    @Test
    void noRestHoldsBackWhatPacingDoesNot() {
        meetPeer();
        flow.onPeerPressure(SHORT, nowNs);
        flow.offer("chunk", BIG, true, nowNs);
        answerAfter(FlowRests.QUANTUM_NS);
        assertThat(sends()).isEmpty();

        flow.setEnabled(false);

        assertThat(sends()).isNotEmpty();
        assertThat(flow.queuedMessages()).isZero();
    }

    @Test
    void whatAPeerSaidOfItselfIsForgottenWhenItSaysNothingMore() {
        meetPeer();
        flow.onPeerPressure(SHORT, nowNs);
        long heardNs = nowNs;

        flow.onTick(heardNs + BulkFlow.PRESSURE_HOLDS_NS - 1);
        assertThat(flow.peerPressure(heardNs + BulkFlow.PRESSURE_HOLDS_NS - 1)).isEqualTo(SHORT);
        assertThat(flow.peerPressure(heardNs + BulkFlow.PRESSURE_HOLDS_NS)).isEqualTo(Pressure.NONE);
        flow.onTick(heardNs + BulkFlow.PRESSURE_HOLDS_NS);
        flow.offer("chunk", BIG, true, nowNs);
        answerAfter(FlowRests.QUANTUM_NS);
        assertThat(sends()).isNotEmpty();
    }

    @Test
    void whatGoesWithoutTheWindowNeedsCreditsUnlessTheMemberLeaves() {
        meetPeer();
        flow.offer("a", BIG, true, nowNs);
        flow.offer("b", BIG, true, nowNs);
        sends();
        assertThat(flow.needsCredits(nowNs)).isFalse();
        flow.setEnabled(false);
        assertThat(flow.needsCredits(nowNs)).isTrue();
        assertThat(flow.nextWithoutCredits(nowNs)).isNull();
        assertThat(((Step.Send<String>) flow.next(nowNs)).why()).isEqualTo(Step.Why.OPEN);

        flow.leave();
        assertThat(flow.needsCredits(nowNs)).isFalse();
        assertThat(((Step.Send<String>) flow.nextWithoutCredits(nowNs)).why()).isEqualTo(Step.Why.LEAVING);
    }

    @Test
    void whatWaitedForTooLongNeedsCredits() {
        meetPeer();
        flow.offer("a", BIG, true, nowNs);
        sends();

        assertThat(flow.needsCredits(nowNs + POLICY.maxWaitNs() - 1)).isFalse();
        assertThat(flow.needsCredits(nowNs + POLICY.maxWaitNs())).isTrue();
    }

    /** Sends what may go, and answers the last probe after so long. */
    private void answerAfter(long ns) {
        long probe = sends().stream().mapToLong(Step.Send::probe).max().orElse(0);
        nowNs += ns;
        flow.onAnswer(probe, nowNs);
    }

    private int quarter() {
        return (int) flow.window().windowBytes() / 4;
    }

    private void silence() {
        silence(flow);
    }

    private void silence(BulkFlow<String> silent) {
        silent.offer("unanswered", 10, true, nowNs);
        while (!silent.isPeerSilent()) {
            while (silent.next(nowNs) != null) {
                // Nothing answers.
            }
            nowNs += POLICY.probeTimeoutNs();
            silent.onTick(nowNs);
        }
    }

    private List<String> onTrial(long atNs) {
        nowNs = atNs;
        List<Step.Send<String>> sends = sends();
        assertThat(sends).allMatch(send -> send.isWhole() && send.why() == Step.Why.UNKNOWN_PEER);
        return sends.stream().map(Step.Send::message).toList();
    }

    private void meetPeer() {
        Step<String> step = flow.next(nowNs);
        nowNs += 100_000;
        flow.onAnswer(((Step.Probe<String>) step).number(), nowNs);
        assertThat(flow.isPeerPresent()).isTrue();
    }

    private List<Step.Send<String>> sends() {
        List<Step.Send<String>> sends = new ArrayList<>();
        for (Step<String> step = flow.next(nowNs); step != null; step = flow.next(nowNs)) {
            if (step instanceof Step.Send<String> send) {
                sends.add(send);
            }
        }
        return sends;
    }
}
