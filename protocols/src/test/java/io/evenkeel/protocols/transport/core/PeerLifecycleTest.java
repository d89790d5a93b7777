package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.PeerLifecycle.Situation;
import io.evenkeel.protocols.transport.core.PeerLifecycle.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The states of one peer, one after the other; {@link PeerLifecycleSimulationTest} plays all courses. */
class PeerLifecycleTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private static final InetSocketAddress OTHER_ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    private static final Hello OURS =
            new Hello("c", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 1, ByteBuffer.allocate(0));
    private static final Hello THEIRS = new Hello("c", ADDRESS, 2, ByteBuffer.allocate(0));
    private static final Hello THEIR_SUCCESSOR = new Hello("c", ADDRESS, 3, ByteBuffer.allocate(0));

    private record Link(Hello theirs, boolean isProven, long attemptNumber) implements PeerLink {}

    private final PeerLifecycle<Link> life =
            new PeerLifecycle<>(ADDRESS, new PeerLifecycle.Limits(new Backoff(10, 10), 100, 1_000));
    private final Link dialled = new Link(THEIRS, true, 42);
    private final Link offered = new Link(THEIRS, true, 0);

    private static Situation at(long ms, boolean queued) {
        return new Situation(TimeUnit.MILLISECONDS.toNanos(ms), true, false, true, queued, 0);
    }

    private static PeerLifecycle.End end(Outcome outcome, long startedMs) {
        return new PeerLifecycle.End(outcome, TimeUnit.MILLISECONDS.toNanos(startedMs), false, false, false);
    }

    private void open() {
        assertThat(life.askedToSend(at(0, true))).containsExactly(new PeerAction.Dial<>());
        life.dialled(dialled);
        assertThat(life.state()).isEqualTo(State.CONNECTING);
        assertThat(life.accepted(dialled, at(0, true))).containsExactly(new PeerAction.Install<>(dialled, false));
        assertThat(life.state()).isEqualTo(State.OPEN);
    }

    @Test
    void dialsOnceForAllThatAsk() {
        assertThat(life.state()).isEqualTo(State.DISCONNECTED);
        open();
        assertThat(life.askedToSend(at(0, true))).isEmpty();
    }

    @Test
    void waitsAfterAFailureAndDialsWhenTimeHasCome() {
        life.askedToSend(at(0, true));
        life.dialled(dialled);
        assertThat(life.closed(dialled, end(Outcome.REFUSED, 0), at(5, true)))
                .containsExactly(new PeerAction.Report<>(dialled, Outcome.REFUSED), new PeerAction.Discard<>());
        List<PeerAction<Link>> asked = life.askedToSend(at(6, true));
        assertThat(asked).containsExactly(new PeerAction.CallBack<>(TimeUnit.MILLISECONDS.toNanos(15)));
        assertThat(life.askedToSend(at(7, true))).isEmpty();
        assertThat(life.tick(at(14, true))).isEqualTo(asked);
        assertThat(life.tick(at(15, true))).containsExactly(new PeerAction.Dial<>());
    }

    @Test
    void aRenewalKeepsTheConnectionUntilTheNewOneIsAccepted() {
        open();
        assertThat(life.renew()).containsExactly(new PeerAction.Dial<>());
        Link renewed = new Link(THEIRS, true, 43);
        life.dialled(renewed);
        assertThat(life.state()).isEqualTo(State.RENEWING);
        assertThat(life.current()).isSameAs(dialled);
        assertThat(life.renew()).isEmpty();
        assertThat(life.accepted(renewed, at(1, false)))
                .containsExactly(new PeerAction.Install<>(renewed, true), new PeerAction.Close<>(dialled));
        assertThat(life.state()).isEqualTo(State.OPEN);
    }

    @Test
    void aRenewalByThePeerIsUsedOnceItIsConfirmed() {
        open();
        assertThat(life.arrived(offered, OURS, false, at(1, false))).containsExactly(new PeerAction.Accept<>(offered));
        assertThat(life.current()).isSameAs(dialled);
        assertThat(life.confirmed(offered))
                .containsExactly(new PeerAction.Install<>(offered, true), new PeerAction.Close<>(dialled));
        assertThat(life.confirmed(offered)).isEmpty();
    }

    @Test
    void nothingIsWrittenToAnOfferThatThePeerMayGiveUp() {
        assertThat(life.arrived(offered, OURS, false, at(0, true))).containsExactly(new PeerAction.Accept<>(offered));
        assertThat(life.current()).isNull();
        assertThat(life.state()).isEqualTo(State.CONNECTING);
        assertThat(life.askedToSend(at(1, true))).isEmpty();
        assertThat(life.confirmed(offered)).containsExactly(new PeerAction.Install<>(offered, false));
        assertThat(life.state()).isEqualTo(State.OPEN);
    }

    @Test
    void anOfferThatEndsUnconfirmedIsReplacedIfThereIsNeed() {
        life.arrived(offered, OURS, false, at(0, false));
        assertThat(life.closed(offered, end(Outcome.BROKEN, 0), at(1, false))).isEmpty();
        assertThat(life.state()).isEqualTo(State.DISCONNECTED);
        life.arrived(offered, OURS, false, at(2, true));
        assertThat(life.closed(offered, end(Outcome.BROKEN, 2), at(3, true))).containsExactly(new PeerAction.Dial<>());
    }

    @Test
    void aLossIsJudgedOnOnceAnOfferHasEnded() {
        open();
        life.arrived(offered, OURS, false, at(1, false));
        assertThat(life.closed(dialled, end(Outcome.BROKEN, 0), at(2, false)))
                .containsExactly(new PeerAction.Lose<>(dialled));
        assertThat(life.state()).isEqualTo(State.LOST);
        assertThat(life.closed(offered, end(Outcome.BROKEN, 1), at(3, false))).containsExactly(new PeerAction.Dial<>());
    }

    @Test
    void aPeerThatConfirmsHasGivenUpWhatItOfferedBefore() {
        Link later = new Link(THEIRS, true, 6);
        Link last = new Link(THEIRS, false, 7);
        life.arrived(offered, OURS, false, at(0, true));
        life.arrived(later, OURS, false, at(1, true));
        life.arrived(last, OURS, false, at(2, true));
        assertThat(life.confirmed(later))
                .containsExactly(new PeerAction.Install<>(later, false), new PeerAction.Close<>(offered));
        assertThat(life.confirmed(offered)).isEmpty();
        assertThat(life.confirmed(last))
                .containsExactly(new PeerAction.Install<>(last, true), new PeerAction.Close<>(later));
    }

    @Test
    void anAttemptThatIsAcceptedAfterItWasGivenUpChangesNothing() {
        life.askedToSend(at(0, true));
        life.dialled(dialled);
        life.arrived(offered, OURS, false, at(1, true));
        assertThat(life.accepted(dialled, at(2, true))).isEmpty();
        assertThat(life.current()).isNull();
        assertThat(life.confirmed(offered)).containsExactly(new PeerAction.Install<>(offered, false));
    }

    @Test
    void aFailedAttemptIsNoDeathWhileAnOfferIsOpen() {
        open();
        life.arrived(offered, OURS, false, at(1, false));
        life.renew();
        Link renewed = new Link(null, false, 43);
        life.dialled(renewed);
        life.closed(dialled, end(Outcome.BROKEN, 0), at(2, true));
        assertThat(life.closed(renewed, end(Outcome.REFUSED, 1), at(3, true)))
                .containsExactly(new PeerAction.Report<>(renewed, Outcome.REFUSED));
        assertThat(life.isConnecting()).isTrue();
    }

    @Test
    void theSmallerAddressKeepsItsOwnAttempt() {
        life.askedToSend(at(0, true));
        life.dialled(dialled);
        assertThat(life.arrived(offered, OURS, true, at(1, true))).containsExactly(new PeerAction.Refuse<>(offered));
        assertThat(life.arrived(offered, OURS, false, at(1, true)))
                .containsExactly(new PeerAction.Close<>(dialled), new PeerAction.Accept<>(offered));
    }

    @Test
    void refusalsAfterALossMakeADeath() {
        open();
        assertThat(life.closed(dialled, end(Outcome.BROKEN, 0), at(10, false)))
                .containsExactly(new PeerAction.Lose<>(dialled), new PeerAction.Dial<>());
        for (long ms : new long[] {11, 60}) {
            Link attempt = new Link(null, false, ms);
            life.dialled(attempt);
            assertThat(life.state()).isEqualTo(State.LOST);
            life.closed(attempt, end(Outcome.REFUSED, ms), at(ms, false));
            life.tick(at(ms + 50, false));
        }
        Link last = new Link(null, false, 111);
        life.dialled(last);
        assertThat(life.closed(last, end(Outcome.REFUSED, 111), at(111, false)))
                .containsExactly(
                        new PeerAction.Report<>(last, Outcome.REFUSED),
                        new PeerAction.Discard<>(),
                        new PeerAction.Suspect<>(THEIRS, PeerAction.Evidence.CONNECTIONS_ENDED));
        assertThat(life.state()).isEqualTo(State.DISCONNECTED);
    }

    @Test
    void anotherProcessAtTheAddressIsADeath() {
        open();
        Link successor = new Link(THEIR_SUCCESSOR, true, 0);
        assertThat(life.arrived(successor, OURS, false, at(1, false)))
                .containsExactly(
                        new PeerAction.Lose<>(dialled),
                        new PeerAction.Close<>(dialled),
                        new PeerAction.Suspect<>(THEIRS, PeerAction.Evidence.OTHER_PROCESS),
                        new PeerAction.Accept<>(successor));
        assertThat(life.closed(dialled, end(Outcome.BROKEN, 0), at(2, false))).isEmpty();
        assertThat(life.confirmed(successor)).containsExactly(new PeerAction.Install<>(successor, true));
    }

    @Test
    void aGoodbyeIsNoDeath() {
        open();
        PeerLifecycle.End goodbye = new PeerLifecycle.End(Outcome.BROKEN, 0, true, false, false);
        assertThat(life.closed(dialled, goodbye, at(1, false))).containsExactly(new PeerAction.Lose<>(dialled));
        assertThat(life.state()).isEqualTo(State.DISCONNECTED);
    }

    @Test
    void whatIsIdleTwiceAndNoMembersIsClosedAndForgotten() {
        open();
        assertThat(life.sweep(false, false, false)).isEmpty();
        assertThat(life.sweep(false, false, true)).isEmpty();
        assertThat(life.sweep(false, false, false)).containsExactly(new PeerAction.Close<>(dialled));
        life.closed(dialled, new PeerLifecycle.End(Outcome.BROKEN, 0, true, false, false), at(1, false));
        assertThat(life.sweep(false, false, false)).containsExactly(new PeerAction.Retire<>());
        assertThat(life.state()).isEqualTo(State.RETIRED);
        assertThat(life.askedToSend(at(2, true))).containsExactly(new PeerAction.Discard<>());
    }

    @Test
    void theLastAttemptIsAnsweredForToThePeerThatItLedTo() {
        open();
        assertThat(life.answer(42, ADDRESS)).isEqualTo(Claim.Answer.MINE);
        assertThat(life.answer(41, ADDRESS)).isNull();
        assertThat(life.answer(42, OURS.address())).isNull();
        life.closed(dialled, new PeerLifecycle.End(Outcome.BROKEN, 0, true, false, false), at(1, false));
        assertThat(life.answer(42, ADDRESS)).isEqualTo(Claim.Answer.GIVEN_UP);
    }

    /** A peer that asks meanwhile would take the connection for a stranger's, and end it. */
    @Test
    void theConnectionInUseIsAnsweredForWhileItIsRenewedAndAfterThatHasFailed() {
        open();
        life.renew();
        Link renewed = new Link(null, false, 43);
        life.dialled(renewed);
        assertThat(life.answer(42, ADDRESS)).isEqualTo(Claim.Answer.MINE);
        assertThat(life.answer(43, ADDRESS)).isEqualTo(Claim.Answer.MINE);
        life.closed(renewed, end(Outcome.SILENT, 1), at(2, false));
        assertThat(life.answer(42, ADDRESS)).isEqualTo(Claim.Answer.MINE);
        assertThat(life.answer(43, ADDRESS)).isEqualTo(Claim.Answer.GIVEN_UP);
    }

    @Test
    void aPeerThatAnnouncesAnotherAddressIsAnsweredWhileItIsDialledAnew() {
        Link elsewhere = new Link(new Hello("c", OTHER_ADDRESS, 2, ByteBuffer.allocate(0)), true, 42);
        life.askedToSend(at(0, true));
        life.dialled(elsewhere);
        life.accepted(elsewhere, at(0, true));
        life.renew();
        life.dialled(new Link(null, false, 43));
        assertThat(life.answer(42, OTHER_ADDRESS)).isEqualTo(Claim.Answer.MINE);
    }
}
