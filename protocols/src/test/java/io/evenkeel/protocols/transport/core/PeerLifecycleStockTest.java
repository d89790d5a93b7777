package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.PeerAction.Accept;
import io.evenkeel.protocols.transport.core.PeerAction.Close;
import io.evenkeel.protocols.transport.core.PeerAction.Dial;
import io.evenkeel.protocols.transport.core.PeerAction.Install;
import io.evenkeel.protocols.transport.core.PeerAction.Lose;
import io.evenkeel.protocols.transport.core.PeerLifecycle.Situation;
import io.evenkeel.protocols.transport.core.StockPeers.Dialling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A peer on JGroups' TCP, and one that is taken for one. */
class PeerLifecycleStockTest {
    private static final InetSocketAddress THERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private static final InetSocketAddress SMALLER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final InetSocketAddress LARGER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 3);

    private record Link(Hello theirs, long attemptNumber, Framing framing, boolean isConfirmed) implements PeerLink {
        @Override
        public boolean isProven() {
            return attemptNumber != 0;
        }
    }

    private final PeerLifecycle<Link> life =
            new PeerLifecycle<>(THERE, new PeerLifecycle.Limits(new Backoff(10, 10), 100, 1_000));
    private final Link dialled = link(42, Framing.STOCK, true);
    private final Link come = link(0, Framing.STOCK, true);

    private static Link link(long attempt, Framing framing, boolean confirmed) {
        long incarnation = framing == Framing.OWN ? 7 : 0;
        return new Link(new Hello("c", THERE, incarnation, ByteBuffer.allocate(0)), attempt, framing, confirmed);
    }

    private static Situation at(long ms, boolean member) {
        return new Situation(TimeUnit.MILLISECONDS.toNanos(ms), member, false, false, true, 0);
    }

    private static PeerLifecycle.End ended(boolean wordless) {
        return new PeerLifecycle.End(Outcome.BROKEN, 0, false, wordless, wordless);
    }

    private void dial(Link attempt) {
        life.dialled(attempt);
        life.accepted(attempt, at(0, false));
        assertThat(life.current()).isSameAs(attempt);
    }

    @Test
    void whatComesInIsUsed() {
        assertThat(life.arrivedFromStock(come, SMALLER, false, at(0, false)))
                .containsExactly(new Accept<>(come), new Install<>(come, false));
        assertThat(life.dialling(true, false)).isEqualTo(Dialling.STOCK_FIRST);
        assertThat(life.dialling(false, false)).isEqualTo(Dialling.OWN_ONLY);
    }

    @Test
    void anAttemptThatHasSaidNothingGivesWay() {
        life.dialled(dialled);
        assertThat(life.arrivedFromStock(come, LARGER, false, at(0, false)))
                .containsExactly(new Close<>(dialled), new Accept<>(come), new Install<>(come, false));
    }

    @Test
    void theLargerAddressWritesToItsOwnConnectionAndHearsBoth() {
        dial(dialled);
        assertThat(life.arrivedFromStock(come, LARGER, false, at(1, false))).containsExactly(new Accept<>(come));
        assertThat(life.current()).isSameAs(dialled);
    }

    @Test
    void theSameOfAnAttemptWhoseGreetingIsOut() {
        life.dialled(dialled);
        assertThat(life.arrivedFromStock(come, LARGER, true, at(1, false))).containsExactly(new Accept<>(come));
        assertThat(life.accepted(dialled, at(1, false))).containsExactly(new Install<>(dialled, false));
    }

    @Test
    void theSmallerAddressGoesOverToThePeersConnection() {
        dial(dialled);
        assertThat(life.arrivedFromStock(come, SMALLER, false, at(1, false)))
                .containsExactly(new Accept<>(come), new Install<>(come, true), new Close<>(dialled));
    }

    /** It dials while it knows of no connection: the one that came in before is over for it. */
    @Test
    void ofTwoThatComeInTheSecondIsUsed() {
        life.arrivedFromStock(come, LARGER, false, at(0, false));
        Link second = link(0, Framing.STOCK, true);
        assertThat(life.arrivedFromStock(second, LARGER, false, at(1, false)))
                .containsExactly(new Accept<>(second), new Install<>(second, true), new Close<>(come));
    }

    @Test
    void thePeersConnectionTakesOverWhenTheOwnOneEnds() {
        dial(dialled);
        life.arrivedFromStock(come, LARGER, false, at(1, false));
        assertThat(life.closed(dialled, ended(false), at(2, false)))
                .containsExactly(new Lose<>(dialled), new Install<>(come, true));
    }

    @Test
    void noMoreThanOneIsHeardBesideTheOneInUse() {
        dial(dialled);
        life.arrivedFromStock(come, LARGER, false, at(1, false));
        Link second = link(0, Framing.STOCK, true);
        assertThat(life.arrivedFromStock(second, LARGER, false, at(2, false)))
                .containsExactly(new Accept<>(second), new Close<>(come));
    }

    @Test
    void aConnectionThatIsClosedAtOnceIsMadeAgainAfterAWait() {
        Link unconfirmed = link(42, Framing.STOCK, false);
        dial(unconfirmed);
        assertThat(life.closed(unconfirmed, ended(false), at(1, false)))
                .containsExactly(new Lose<>(unconfirmed), new PeerAction.CallBack<>(TimeUnit.MILLISECONDS.toNanos(11)));
        assertThat(life.dialling(true, false))
                .as("whoever closed it may know the other framing")
                .isEqualTo(Dialling.OWN_FIRST);
    }

    @Test
    void aConnectionThatWasUsedIsMadeAgainAtOnce() {
        dial(dialled);
        assertThat(life.closed(dialled, ended(false), at(1, true))).containsExactly(new Lose<>(dialled), new Dial<>());
        assertThat(life.dialling(true, true)).isEqualTo(Dialling.STOCK_FIRST);
    }

    @Test
    void whoClosesWithoutAWordMayNotKnowTheOwnFraming() {
        Link attempt = link(42, Framing.OWN, true);
        life.dialled(attempt);
        assertThat(life.dialling(true, false)).isEqualTo(Dialling.OWN_FIRST);
        life.closed(attempt, ended(true), at(1, false));
        assertThat(life.dialling(true, false)).isEqualTo(Dialling.STOCK_FIRST);
    }

    @Test
    void whoHasSaidHelloIsSpokenToInNoOtherFramingWhileItIsConnectedOrAMember() {
        Link own = link(42, Framing.OWN, true);
        dial(own);
        assertThat(life.dialling(true, false)).isEqualTo(Dialling.OWN_ONLY);
        assertThat(life.speaksOwn(false)).isTrue();
        life.closed(own, ended(true), at(1, true));
        assertThat(life.dialling(true, true)).isEqualTo(Dialling.OWN_ONLY);
        assertThat(life.speaksOwn(true)).isTrue();
        assertThat(life.dialling(true, false))
                .as("its address may be another's by now")
                .isEqualTo(Dialling.OWN_FIRST);
    }

    /** By its address alone nobody could tell it from the one that is there now, and that is a member by then. */
    @Test
    void aMemberOfOursAtTheAddressOfOneOnJGroupsTcpSuspectsNobody() {
        dial(dialled);
        life.closed(dialled, ended(false), at(1, false));
        Link own = link(43, Framing.OWN, true);
        life.dialled(own);
        assertThat(life.accepted(own, at(20_000, true))).containsExactly(new Install<>(own, true));
    }

    @Test
    void oneOnJGroupsTcpAtTheAddressOfAMemberOfOursProvesThatThisOneIsDead() {
        Link own = link(42, Framing.OWN, true);
        dial(own);
        life.closed(own, ended(false), at(1, true));
        Link stock = link(43, Framing.STOCK, true);
        life.dialled(stock);
        assertThat(life.accepted(stock, at(20_000, true)))
                .contains(new PeerAction.Suspect<>(own.theirs(), PeerAction.Evidence.OTHER_PROCESS));
    }

    @Test
    void nothingIsRenewedThatThePeerWouldTurnDown() {
        dial(dialled);
        assertThat(life.renew()).isEmpty();
    }
}
