package io.evenkeel.protocols.transport.core;

import static io.evenkeel.protocols.transport.core.HelloTest.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.transport.core.LivenessEnd.How;
import io.evenkeel.protocols.transport.core.LossDecision.Attempt;
import io.evenkeel.protocols.transport.core.LossDecision.OnLoss;
import io.evenkeel.protocols.transport.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tie-break, backoff, lost connections, frame lengths and held-back lines, at their limits. */
class DecisionsTest {

    @Test
    void exactlyOneOfTwoSimultaneousConnectionsStays() {
        List<Hello> members = List.of(
                hello("127.0.0.1", 7800, 1),
                hello("127.0.0.1", 7800, 2),
                hello("127.0.0.1", 7801, 1),
                hello("127.0.0.2", 7800, 1),
                hello("200.0.0.1", 7800, 1),
                hello("::1", 7800, 1));
        for (Hello a : members) {
            for (Hello b : members) {
                if (!a.equals(b)) {
                    assertThat(TieBreak.keepOurs(true, a, b))
                            .as("%s %s", a, b)
                            .isNotEqualTo(TieBreak.keepOurs(true, b, a));
                }
                assertThat(TieBreak.keepOurs(false, a, b)).isFalse();
            }
        }
        // Compared as unsigned bytes: 200 is above 127.
        assertThat(TieBreak.keepOurs(true, members.get(0), members.get(4))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,20,10", "2,40,20", "6,640,320", "7,1000,500", "64,1000,500", "1000,1000,500"})
    void backoffDoublesUpToItsMaximum(int failures, long longestMs, long shortestMs) {
        Backoff backoff = new Backoff(20, 1000);
        assertThat(backoff.delayMs(failures, 0)).isEqualTo(longestMs);
        assertThat(backoff.delayMs(failures, Math.nextDown(1.0))).isBetween(shortestMs, shortestMs + 1);
    }

    @Test
    void backoffRefusesWhatMakesNoSense() {
        assertThat(new Backoff(1, 1).delayMs(5, 0.5)).isEqualTo(1);
        assertThatThrownBy(() -> new Backoff(0, 1)).hasMessageContaining("reconnect_backoff_min=0 must be >= 1");
        assertThatThrownBy(() -> new Backoff(2, 1)).hasMessageContaining("reconnect_backoff_max=1 must be >=");
    }

    @ParameterizedTest
    @CsvSource({
        "false,true,false,RECONNECT",
        "true,true,false,IGNORE",
        "false,false,false,IGNORE",
        "false,true,true,IGNORE"
    })
    void onlyAMemberThatVanishesIsLookedFor(boolean goodbye, boolean member, boolean leaving, OnLoss expected) {
        assertThat(LossDecision.onLoss(goodbye, member, leaving)).isEqualTo(expected);
    }

    private static final long MIN_REFUSAL_MS = 120;
    private static final long PATIENT_MS = 2500;

    private static long ms(long value) {
        return TimeUnit.MILLISECONDS.toNanos(value);
    }

    /** The reaction to an attempt to reach a member that is answered at once. */
    private static OnOutcome react(LossDecision loss, Outcome outcome, boolean ended, long atNs) {
        return loss.onOutcome(new Attempt(outcome, atNs), true, false, ended, atNs);
    }

    /** The decision on the last of some attempts that end one millisecond after another, from the first second on. */
    private static OnOutcome last(LossDecision loss, Outcome... outcomes) {
        OnOutcome decided = null;
        for (int i = 0; i < outcomes.length; i++) {
            decided = react(loss, outcomes[i], true, ms(1000 + i));
        }
        return decided;
    }

    @ParameterizedTest
    @CsvSource({
        "true,119,TRY_AGAIN",
        "true,120,SUSPECT",
        "true,121,SUSPECT",
        "false,121,TRY_AGAIN",
        "false,2499,TRY_AGAIN",
        "false,2500,SUSPECT",
        "false,2501,SUSPECT"
    })
    void refusalIsADeathOnceItLastsLongEnough(boolean ended, long afterMs, OnOutcome expected) {
        // A clock that runs over in between.
        long firstNs = Long.MAX_VALUE - ms(1);
        LossDecision loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
        assertThat(react(loss, Outcome.REFUSED, ended, firstNs)).isEqualTo(OnOutcome.TRY_AGAIN);
        assertThat(react(loss, Outcome.REFUSED, ended, firstNs + ms(1))).isEqualTo(OnOutcome.TRY_AGAIN);
        assertThat(react(loss, Outcome.REFUSED, ended, firstNs + ms(afterMs))).isEqualTo(expected);
    }

    /** This process was stopped, and reads after that what a firewall answered before. */
    @ParameterizedTest
    @CsvSource({"119,TRY_AGAIN", "120,SUSPECT", "121,SUSPECT"})
    void aRefusalThatIsReadLateProvesWhatItDidWhenItWasAskedFor(long startedMs, OnOutcome expected) {
        LossDecision loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
        assertThat(last(loss, Outcome.REFUSED, Outcome.REFUSED)).isEqualTo(OnOutcome.TRY_AGAIN);
        Attempt late = new Attempt(Outcome.REFUSED, ms(1000 + startedMs));
        assertThat(loss.onOutcome(late, true, false, true, ms(9000))).isEqualTo(expected);
    }

    @Test
    void twoRefusalsAreNoDeathHoweverFarApart() {
        LossDecision loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
        assertThat(react(loss, Outcome.REFUSED, true, 0)).isEqualTo(OnOutcome.TRY_AGAIN);
        assertThat(react(loss, Outcome.REFUSED, true, ms(10_000))).isEqualTo(OnOutcome.TRY_AGAIN);
        assertThat(react(loss, Outcome.REFUSED, true, ms(10_001))).isEqualTo(OnOutcome.SUSPECT);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
    void whatComesBetweenRefusalsMakesThemBeginAgain(Outcome between) {
        Outcome refused = Outcome.REFUSED;
        assertThat(last(new LossDecision(0, 0), refused, refused, between, refused, refused))
                .isEqualTo(OnOutcome.TRY_AGAIN);
        assertThat(last(new LossDecision(0, 0), refused, refused, between, refused, refused, refused))
                .isEqualTo(OnOutcome.SUSPECT);
    }

    /** The network was away when the process died; it is back, and so is the kernel's word. */
    @Test
    void refusalsAfterSilenceAreADeath() {
        LossDecision loss = new LossDecision(0, 0);
        assertThat(last(loss, Outcome.SILENT)).isEqualTo(OnOutcome.IGNORE);
        assertThat(last(loss, Outcome.REFUSED, Outcome.REFUSED, Outcome.REFUSED))
                .isEqualTo(OnOutcome.SUSPECT);
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "REJECTED", "YIELDED", "ACCEPTED"})
    void othersProveNothing(Outcome outcome) {
        assertThat(last(new LossDecision(0, 0), outcome, outcome, outcome)).isEqualTo(OnOutcome.IGNORE);
    }

    /** As behind a proxy whose target is gone, or at a port whose process is overwhelmed. */
    @ParameterizedTest
    @CsvSource({"2499,TRY_AGAIN", "2500,DOUBT", "2501,DOUBT"})
    void connectionsThatAreTakenAndClosedMakeADoubtOnceThatLasts(long afterMs, OnOutcome expected) {
        LossDecision loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
        for (int i = 1; i < LossDecision.MIN_BROKEN; i++) {
            assertThat(react(loss, Outcome.BROKEN, true, ms(7))).isEqualTo(OnOutcome.TRY_AGAIN);
        }
        assertThat(react(loss, Outcome.BROKEN, true, ms(7 + afterMs))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REFUSED", "BROKEN"})
    void anAnswerOrSilenceBetweenThemEndsTheDoubt(Outcome between) {
        Outcome broken = Outcome.BROKEN;
        assertThat(last(new LossDecision(0, 0), broken, broken, broken, broken, between, broken, broken))
                .isEqualTo(OnOutcome.TRY_AGAIN);
        assertThat(last(new LossDecision(0, 0), broken, broken, Outcome.REFUSED, broken, broken))
                .isEqualTo(OnOutcome.DOUBT);
    }

    @Test
    void aClaimThatThePeerCouldNotProveIsRepeatedFourTimes() {
        LossDecision loss = new LossDecision(0, 0);
        for (int i = 1; i < LossDecision.MIN_BROKEN; i++) {
            assertThat(last(loss, Outcome.UNPROVEN)).isEqualTo(OnOutcome.TRY_AGAIN);
        }
        assertThat(last(loss, Outcome.UNPROVEN)).isEqualTo(OnOutcome.IGNORE);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void leaversAndStrangersSuspectNobody(Outcome outcome) {
        LossDecision loss = new LossDecision(0, 0);
        for (int i = 0; i < 4; i++) {
            Attempt attempt = new Attempt(outcome, i);
            assertThat(loss.onOutcome(attempt, true, true, true, i)).isEqualTo(OnOutcome.IGNORE);
            assertThat(loss.onOutcome(attempt, false, false, true, i)).isEqualTo(OnOutcome.IGNORE);
        }
    }

    /** Whatever the backoff is: the proof is there when its time is over, and not a backoff later. */
    @ParameterizedTest
    @CsvSource({"10,1000,true", "20,500,true", "20,1000,true", "1000,1000,true", "20,1000,false", "60000,60000,false"})
    void theProofTakesNoLongerThanItMust(long minMs, long maxMs, boolean ended) {
        Backoff backoff = new Backoff(minMs, maxMs);
        LossDecision loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
        long nowMs = 7;
        int failures = 1;
        while (react(loss, Outcome.REFUSED, ended, ms(nowMs)) == OnOutcome.TRY_AGAIN) {
            nowMs += loss.delayMs(backoff.delayMs(failures++, 0), ended, ms(nowMs));
        }
        assertThat(nowMs).isEqualTo(7 + (ended ? MIN_REFUSAL_MS : PATIENT_MS));
        assertThat(failures).isBetween(3, 20);
    }

    @Test
    void withoutRefusalsTheBackoffDecidesAlone() {
        LossDecision loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
        assertThat(loss.delayMs(1000, true, 0)).isEqualTo(1000);
        last(loss, Outcome.REFUSED);
        assertThat(loss.delayMs(1000, true, ms(1000))).isEqualTo(60);
        assertThat(loss.delayMs(10, true, ms(1000))).isEqualTo(10);
        assertThat(loss.delayMs(1000, true, ms(5000))).isEqualTo(1);
        LossDecision atOnce = new LossDecision(0, 0);
        last(atOnce, Outcome.REFUSED);
        assertThat(atOnce.delayMs(1000, true, ms(1000))).isEqualTo(1000);
    }

    @Test
    void aLossIsToldOnce() {
        LossDecision loss = new LossDecision(0, 0);
        assertThat(loss.tell()).isTrue();
        assertThat(loss.tell()).isFalse();
    }

    @Test
    void anotherIncarnationAtAMembersAddressIsADeath() {
        assertThat(LossDecision.replaced(true, false, true, 1, 2)).isTrue();
        assertThat(LossDecision.replaced(true, false, true, 1, 1)).isFalse();
        assertThat(LossDecision.replaced(false, false, true, 1, 2)).isFalse();
        assertThat(LossDecision.replaced(true, true, true, 1, 2)).isFalse();
        assertThat(LossDecision.replaced(true, false, false, 1, 2))
                .as("a mere claim")
                .isFalse();
    }

    private static LivenessEnd end(How how, boolean direct) {
        return new LivenessEnd(how, direct, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "FINISHED,true,100,true",
        "FINISHED,true,101,false",
        "FINISHED,true,99,true",
        "FINISHED,false,0,false",
        "BROKEN,true,0,false",
        "CLOSED,true,0,false"
    })
    void onlyADirectConnectionThatFinishesIsEvidence(How how, boolean direct, long laterNs, boolean expected) {
        assertThat(end(how, direct).counts(Long.MAX_VALUE + laterNs, 100)).isEqualTo(expected);
    }

    @Test
    void aResetNeitherConfirmsNorRefutesWhatWasSeenBefore() {
        LivenessEnd finished = end(How.FINISHED, true);
        assertThat(LivenessEnd.latest(finished, end(How.BROKEN, true))).isEqualTo(finished);
        assertThat(LivenessEnd.latest(finished, end(How.CLOSED, true)).how()).isEqualTo(How.CLOSED);
        assertThat(LivenessEnd.latest(end(How.BROKEN, true), finished)).isEqualTo(finished);
        assertThat(LivenessEnd.latest(null, end(How.BROKEN, true)).how()).isEqualTo(How.BROKEN);
    }

    @ParameterizedTest
    @CsvSource({"1,0,false", "2,0,true", "3,0,true", "2,1,false", "1,1,false"})
    void severalHostsAtOnceAreOnesOwnTrouble(int lost, int held, boolean expected) {
        assertThat(LivenessEnd.isOwnTrouble(lost, held)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true", "100,true", "101,false", "-1,false", "-2147483648,false"})
    void frameLengthsAreBounded(int lengthBytes, boolean allowed) {
        if (allowed) {
            FrameType.checkLength(lengthBytes, 100);
        } else {
            assertThatThrownBy(() -> FrameType.checkLength(lengthBytes, 100))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining(Integer.toUnsignedLong(lengthBytes) + " bytes");
        }
    }

    @Test
    void tlsOnAPlainPortIsRecognised() {
        assertThatThrownBy(() -> FrameType.checkLength(0x16030102, 0x16030101))
                .hasMessageContaining("these bytes are TLS");
        // A frame that is allowed to be so long is a frame.
        FrameType.checkLength(0x16030102, 0x16030102);
    }

    @Test
    void frameTypesHaveDistinctCodes() {
        for (FrameType type : FrameType.values()) {
            assertThat(FrameType.of(type.code())).isEqualTo(type);
        }
        assertThatThrownBy(() -> FrameType.of((byte) 0)).isInstanceOf(ProtocolViolationException.class);
        assertThatThrownBy(() -> FrameType.of((byte) 8)).hasMessageContaining("unknown frame type 8");
    }

    @Test
    void repeatedLinesPassOncePerIntervalAndAreCounted() {
        RepeatGate gate = new RepeatGate(100, 2, 100);
        assertThat(gate.pass("a", 0)).isZero();
        assertThat(gate.pass("a", 99)).isEqualTo(-1);
        assertThat(gate.pass("b", 99)).isZero();
        assertThat(gate.pass("a", 100)).isEqualTo(1);
        assertThat(gate.pass("a", 199)).isEqualTo(-1);
        assertThat(gate.pass("a", 201)).isEqualTo(1);
        // A third key makes it forget b, the least recently seen.
        assertThat(gate.pass("c", 201)).isZero();
        assertThat(gate.pass("a", 202)).isEqualTo(-1);
        assertThat(gate.pass("b", 202)).isZero();
    }

    @Test
    void linesOfAllKeysTogetherAreBounded() {
        RepeatGate gate = new RepeatGate(100, 10, 2);
        assertThat(gate.pass("a", 5)).isZero();
        assertThat(gate.pass("b", 6)).isZero();
        assertThat(gate.pass("c", 7)).isEqualTo(-1);
        assertThat(gate.pass("c", 104)).isEqualTo(-1);
        assertThat(gate.pass("c", 105)).isEqualTo(2);
        assertThat(gate.pass("a", 105)).isZero();
        assertThat(gate.pass("b", 106)).isEqualTo(-1);
    }
}
