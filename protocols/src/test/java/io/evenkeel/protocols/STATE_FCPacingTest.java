package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.pacing.core.PacingPolicy;
import io.evenkeel.protocols.transport.LineLog;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.View;
import org.jgroups.jmx.ResourceDMBean;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.UFC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bulk between real channels: in parts, in order, and handed over whenever a member, the switch or the stack changes.
 */
class STATE_FCPacingTest {
    private static final int MESSAGES = 30;
    private static final int BYTES = 200_000;
    private static final int SOME_CUT_OFF = 40;
    private static final long LONG_S = 120;

    private final String cluster = "pacing-" + UUID.randomUUID();
    private final List<STATE_FCMember> members = new ArrayList<>();
    private STATE_FCMember donor;
    private STATE_FCMember joiner;

    @AfterEach
    void close() {
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).close();
        }
    }

    @Test
    void bulkGoesInPartsThroughTheWindowAndComesWholeAndInOrder() throws Exception {
        joinBoth();

        send(donor, joiner, 0, MESSAGES);

        awaitAll(donor, joiner, MESSAGES);
        STATE_FC sender = donor.stateFc();
        assertThat(sender.getPartsSent()).isGreaterThan(MESSAGES);
        assertThat(sender.getPacedBytes() + sender.getWaitedBytes()).isEqualTo((long) MESSAGES * BYTES);
        assertThat(sender.getBaseDelayUs()).isPositive();
        assertThat(joiner.stateFc().getBulkBytesReceived()).isEqualTo((long) MESSAGES * BYTES);
        await().untilAsserted(() -> assertThat(sender.getInFlightBytes()).isZero());
        assertThat(sender.getQueuedBytes()).isZero();
        assertThat(joiner.stateFc().getHalfReceivedMessages()).isZero();
        // A joiner that is short of processor time says so ahead of the window.
        assertThat(sender.printDestinations()).containsPattern("joiner: paced, (says pressure [^,]+, )?window ");
    }

    @Test
    void aUsersMessageOvertakesWhatIsHeldBack() throws Exception {
        joinBoth();
        holdBack(donor, joiner);

        donor.channel().send(joiner.address(), new byte[100]);
        joiner.cut(false);

        awaitAll(donor, joiner, SOME_CUT_OFF);
        assertThat(joiner.bulkBeforeForeground()).isBetween(0, SOME_CUT_OFF - 1);
    }

    @Test
    void aPeerWithoutStateFcGetsItsStateAsWithoutUs() throws Exception {
        donor = join("donor", true);
        STATE_FCMember old = join("old", false);

        send(donor, old, 0, MESSAGES / 2);
        await().untilAsserted(() ->
                assertThat(donor.stateFc().getPeersWithoutPacing()).isEqualTo(1));
        // Behind what still waits for credits, the rest would wait too, and nothing would pass at once.
        awaitAll(donor, old, MESSAGES / 2);
        await().untilAsserted(() -> assertThat(donor.stateFc().getQueuedBytes()).isZero());
        send(donor, old, MESSAGES / 2, MESSAGES);

        awaitAll(donor, old, MESSAGES);
        // One message behind each probe, then what waited, and then whatever comes.
        assertThat(donor.stateFc().getUnknownPeerBytes()).isBetween((long) BYTES, MESSAGES / 2L * BYTES - 1);
        assertThat(donor.stateFc().getPassedSilentPeer()).isPositive();
        assertThat(donor.stateFc().getUnknownPeerBytes()
                        + donor.stateFc().getReleasedBytes()
                        + donor.stateFc().getPassedSilentPeerBytes())
                .isEqualTo((long) MESSAGES * BYTES);
        assertThat(LineLog.of(donor.stateFc()))
                .filteredOn(line -> line.contains("leaves the probes of STATE_FC unanswered"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("WARN")
                .contains("overloaded or without STATE_FC");
        assertThat(donor.stateFc().getPartsSent()).isZero();
    }

    @Test
    void turnedOffWhatIsHeldBackGoesAtOnceAndTurnedOnItIsPacedAgain() throws Exception {
        joinBoth();
        holdBack(donor, joiner);

        donor.stateFc().setEnabled(false);
        send(donor, joiner, SOME_CUT_OFF, SOME_CUT_OFF + 10);
        joiner.cut(false);
        awaitAll(donor, joiner, SOME_CUT_OFF + 10);
        assertThat(donor.stateFc().getReleasedBytes()).isPositive();
        send(donor, joiner, SOME_CUT_OFF + 10, SOME_CUT_OFF + 20);
        assertThat(donor.stateFc().getPassedDisabled()).isPositive();
        long pacedBytes = donor.stateFc().getPacedBytes() + donor.stateFc().getWaitedBytes();
        donor.stateFc().setEnabled(true);
        send(donor, joiner, SOME_CUT_OFF + 20, SOME_CUT_OFF + 30);

        awaitAll(donor, joiner, SOME_CUT_OFF + 30);
        assertThat(donor.stateFc().getPacedBytes() + donor.stateFc().getWaitedBytes())
                .isEqualTo(pacedBytes + 10L * BYTES);
    }

    /** Turned off, no window bounds it any more, and the transport would drop the most of it. */
    @Test
    void turnedOffWhatIsHeldBackGoesAsFastAsThePeerGrantsCredits() throws Exception {
        joinBoth();
        UFC credits = donor.channel().getProtocolStack().findProtocol(UFC.class);
        holdBack(donor, joiner);

        donor.stateFc().setEnabled(false);
        awaitReleased(credits.getMaxCredits() - BYTES);
        assertThat(donor.stateFc().getReleasedBytes()).isLessThanOrEqualTo(credits.getMaxCredits() + BYTES);
        joiner.cut(false);

        awaitAll(donor, joiner, SOME_CUT_OFF);
        assertThat(donor.stateFc().getQueuedBytes()).isZero();
    }

    @Test
    void aPeerWithoutStateFcIsNotSentMoreThanItGrantsCreditsFor() throws Exception {
        donor = join("donor", true);
        STATE_FCMember old = join("old", false);
        UFC credits = donor.channel().getProtocolStack().findProtocol(UFC.class);
        CountDownLatch released = new CountDownLatch(1);
        old.whenBulkComes(() -> awaitOpen(released));

        int messages = (int) (4 * credits.getMaxCredits() / BYTES);
        send(donor, old, 0, messages);
        awaitReleased(credits.getMaxCredits() - BYTES);
        // Credits for what came in one batch are granted before its first message is handled.
        assertThat(donor.stateFc().getReleasedBytes()).isLessThan(2 * credits.getMaxCredits());
        released.countDown();

        awaitAll(donor, old, messages);
    }

    @Test
    void aMemberThatLeavesSendsWhatItHeldBack() throws Exception {
        joinBoth();

        send(donor, joiner, 0, SOME_CUT_OFF);
        donor.channel().disconnect();

        // Whether it arrives hangs on what the joiner hears first, this or the new view; so it does without us.
        assertThat(donor.stateFc().getPacedBytes() + donor.stateFc().getReleasedBytes())
                .isEqualTo((long) SOME_CUT_OFF * BYTES);
        assertThat(donor.stateFc().getDroppedForGone()).isZero();
        await().untilAsserted(() -> assertThat(joiner.viewSize()).isEqualTo(1));
    }

    @Test
    void nothingIsKeptForAMemberThatIsGone() throws Exception {
        joinBothQuickToSuspect();
        holdBack(donor, joiner);

        await().untilAsserted(() -> assertThat(donor.viewSize()).isEqualTo(1));

        await().untilAsserted(() -> assertThat(donor.stateFc().getQueuedBytes()).isZero());
        assertThat(donor.stateFc().getDroppedForGone()).isPositive();
        assertThat(donor.stateFc().getInFlightBytes()).isZero();
        assertThat(donor.stateFc().printDestinations()).isEmpty();
        // Who asks after a restart still sees what it was like.
        assertThat(donor.stateFc().getProbesLost()).isPositive();
        donor.stateFc().resetStats();
        assertThat(donor.stateFc().getProbesLost()).isZero();
    }

    /** GMS tells of views out of order (JGRP-3036). */
    @Test
    void anOlderViewThatComesLateDropsNothing() throws Exception {
        donor = join("donor", true);
        View alone = donor.channel().getView();
        joiner = join("joiner", true);
        awaitPaced(donor);
        holdBack(donor, joiner);

        donor.stateFc().up(new Event(Event.VIEW_CHANGE, alone));
        joiner.cut(false);

        awaitAll(donor, joiner, SOME_CUT_OFF);
        assertThat(donor.stateFc().getDroppedForGone()).isZero();
        assertThat(donor.channel().getView().size()).isEqualTo(2);
    }

    @Test
    void aMemberThatComesBackAfterAMergeIsPacedAgain() throws Exception {
        joinBothQuickToSuspect();
        joiner.cut(true);
        await().untilAsserted(
                        () -> assertThat(donor.viewSize() + joiner.viewSize()).isEqualTo(2));
        joiner.cut(false);
        await().untilAsserted(
                        () -> assertThat(donor.viewSize() + joiner.viewSize()).isEqualTo(4));
        awaitPaced(donor);

        send(donor, joiner, 0, MESSAGES);

        awaitAll(donor, joiner, MESSAGES);
        assertThat(donor.stateFc().getPacedBytes() + donor.stateFc().getWaitedBytes())
                .isEqualTo((long) MESSAGES * BYTES);
    }

    @Test
    void aFullQueuePushesBackOnTheSenderAndKeepsTheOrder() throws Exception {
        donor = new STATE_FCMember(cluster, "donor", true, 16_384, 50_000);
        members.add(donor);
        joiner = join("joiner", true);
        awaitPaced(donor);

        for (int number = 0; number < 200; number++) {
            donor.sendBulk(joiner.address(), number, number % 10 == 9 ? BYTES : 10_000);
            assertThat(donor.stateFc().getQueuedBytes()).isLessThanOrEqualTo(50_000);
        }

        awaitAll(donor, joiner, 200);
        assertThat(donor.stateFc().getPassedQueueFull()).isGreaterThanOrEqualTo(20);
        assertThat(donor.stateFc().getQueuedBytes()).isZero();
    }

    @Test
    void aJoinerWhoseThreadsDoNotKeepUpSlowsTheDonorDown() throws Exception {
        donor = new STATE_FCMember(cluster, "donor", true, 200_000, 64 << 20);
        members.add(donor);
        joiner = join("joiner", true);
        // More than a busy machine takes, and less than two of the joiner's messages while it is busy.
        donor.stateFc().setTargetDelayUs(50_000);
        awaitPaced(donor);
        send(donor, joiner, 0, MESSAGES);
        awaitAll(donor, joiner, MESSAGES);
        int[] sent = {MESSAGES};
        // A stall of the test's own machine halves the window once more.
        await().untilAsserted(() -> {
            send(donor, joiner, sent[0], sent[0] + 1);
            sent[0]++;
            assertThat(donor.stateFc().getLargestWindowBytes()).isGreaterThan(100_000);
        });

        joiner.setBusyMs(80);
        send(donor, joiner, sent[0], sent[0] + MESSAGES);
        // For an end that is short of processor time the window stays at one part.
        await().untilAsserted(() -> {
            assertThat(donor.stateFc().getLargestWindowBytes()).isLessThanOrEqualTo(PacingPolicy.MAX_FRAGMENT_BYTES);
            assertThat(donor.stateFc().getQueueingDelayUs()).isGreaterThan(50_000);
        });

        joiner.setBusyMs(0);
        awaitAll(donor, joiner, sent[0] + MESSAGES);
    }

    @Test
    void withoutStatisticsItPacesAllTheSame() throws Exception {
        donor = join("donor", true);
        joiner = join("joiner", true);
        donor.stateFc().enableStats(false);
        awaitPaced(donor);

        send(donor, joiner, 0, MESSAGES);

        awaitAll(donor, joiner, MESSAGES);
        assertThat(donor.stateFc().getBulkMessagesSent()).isZero();
        assertThat(donor.stateFc().getPacedBytes() + donor.stateFc().getWaitedBytes())
                .isEqualTo((long) MESSAGES * BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        "target_delay_us, 99, target_delay_us=99 must be from 100 to 100000",
        "floor, 8191, floor=8191 must be >= 8192",
        "cap, 16383, cap=16383 must be >= floor = 16384"
    })
    void aValueRefusedWhileItRunsLeavesTheOldOne(String attribute, int value, String message) throws Exception {
        STATE_FCMember member = join("member", true);
        ResourceDMBean managed = new ResourceDMBean(member.stateFc());
        Object before = managed.getAttribute(attribute);

        assertThatThrownBy(() -> {
                    switch (attribute) {
                        case "floor" -> member.stateFc().setFloor(value);
                        case "cap" -> member.stateFc().setCap(value);
                        default -> member.stateFc().setTargetDelayUs(value);
                    }
                })
                .hasMessage("EVK0004: STATE_FC: " + message);
        assertThat(managed.getAttribute(attribute)).isEqualTo(before);
    }

    @Test
    void theSwitchesWorkThroughJmx() throws Exception {
        joinBoth();
        ResourceDMBean managed = new ResourceDMBean(donor.stateFc());

        managed.setAttribute(new javax.management.Attribute("cap", 20_000));
        managed.setAttribute(new javax.management.Attribute("enabled", false));

        assertThat(donor.stateFc().getLargestWindowBytes()).isEqualTo(20_000);
        assertThat(donor.stateFc().isEnabled()).isFalse();
        send(donor, joiner, 0, 1);
        assertThat(donor.stateFc().getPassedDisabled()).isEqualTo(1);
    }

    /** A stopped timer drops its tasks, and with them the one that would plan the next. */
    @Test
    void aChannelThatIsConnectedAgainStillLooksForLateAnswers() throws Exception {
        joinBothQuickToSuspect();
        holdBack(donor, joiner);
        donor.channel().disconnect();
        joiner.cut(false);
        await().untilAsserted(() -> assertThat(joiner.viewSize()).isEqualTo(1));

        donor.channel().connect(cluster);
        await().untilAsserted(() -> assertThat(joiner.viewSize()).isEqualTo(2));
        awaitPaced(donor);
        holdBack(donor, joiner);

        await().untilAsserted(() -> assertThat(donor.stateFc().getProbesLost()).isPositive());
    }

    @Test
    void aWrongValueEndsTheStart() {
        STATE_FC wrong = new STATE_FC();
        wrong.setCap(100);

        assertThatThrownBy(() -> new JChannel(new SHARED_LOOPBACK(), wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EVK0004: STATE_FC: cap=100 must be >= floor = 16384");
    }

    private void awaitReleased(long bytes) {
        await().untilAsserted(
                        () -> assertThat(donor.stateFc().getReleasedBytes()).isGreaterThanOrEqualTo(bytes));
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await(LONG_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cut off, the joiner answers no probes, so what is sent to it waits. */
    private static void holdBack(STATE_FCMember donor, STATE_FCMember joiner) throws Exception {
        joiner.cut(true);
        send(donor, joiner, 0, SOME_CUT_OFF);
        // A donor that is quick to suspect may have dropped it with the member by now.
        assertThat(donor.stateFc().getQueuedBytes() + donor.stateFc().getDroppedForGone())
                .isPositive();
    }

    private static void send(STATE_FCMember from, STATE_FCMember to, int first, int end) throws Exception {
        for (int number = first; number < end; number++) {
            from.sendBulk(to.address(), number, BYTES);
        }
    }

    private static void awaitPaced(STATE_FCMember donor) {
        await().untilAsserted(() -> assertThat(donor.stateFc().getPeersPaced()).isEqualTo(1));
    }

    private static void awaitAll(STATE_FCMember from, STATE_FCMember to, int messages) {
        List<Integer> all = IntStream.range(0, messages).boxed().toList();
        await().untilAsserted(() -> assertThat(to.receivedFrom(from)).isEqualTo(all));
        assertThat(to.spoiled()).isEmpty();
    }

    private void joinBoth() throws Exception {
        donor = join("donor", true);
        joiner = join("joiner", true);
        awaitPaced(donor);
    }

    private void joinBothQuickToSuspect() throws Exception {
        donor = joined(STATE_FCMember.quickToSuspect(cluster, "donor"));
        joiner = joined(STATE_FCMember.quickToSuspect(cluster, "joiner"));
        awaitPaced(donor);
    }

    private STATE_FCMember join(String name, boolean withStateFc) throws Exception {
        return joined(new STATE_FCMember(cluster, name, withStateFc));
    }

    private STATE_FCMember joined(STATE_FCMember member) {
        members.add(member);
        int size = members.size();
        await().untilAsserted(() -> assertThat(members).allMatch(each -> each.viewSize() == size));
        return member;
    }
}
