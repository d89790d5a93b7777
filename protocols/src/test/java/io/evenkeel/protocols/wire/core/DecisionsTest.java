package io.evenkeel.protocols.wire.core;

import static io.evenkeel.protocols.wire.core.HelloTest.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.wire.core.LossDecision.OnLoss;
import io.evenkeel.protocols.wire.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.wire.core.LossDecision.Outcome;
import java.util.List;
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

    @ParameterizedTest
    @CsvSource({
        "REFUSED,1,1,TRY_AGAIN",
        "REFUSED,2,2,TRY_AGAIN",
        "REFUSED,3,3,SUSPECT",
        "REFUSED,6,2,TRY_AGAIN",
        "SILENT,1,0,IGNORE",
        "REJECTED,1,0,IGNORE",
        "YIELDED,1,0,IGNORE",
        "ACCEPTED,1,0,IGNORE",
        "BROKEN,4,0,TRY_AGAIN",
        "BROKEN,5,0,IGNORE"
    })
    void onlyRepeatedRefusalIsADeath(Outcome outcome, int attempts, int refusals, OnOutcome expected) {
        assertThat(LossDecision.onOutcome(outcome, true, false, attempts, 5, refusals))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void leaversAndStrangersSuspectNobody(Outcome outcome) {
        assertThat(LossDecision.onOutcome(outcome, true, true, 3, 5, 3)).isEqualTo(OnOutcome.IGNORE);
        assertThat(LossDecision.onOutcome(outcome, false, false, 3, 5, 3)).isEqualTo(OnOutcome.IGNORE);
    }

    @Test
    void anotherIncarnationAtAMembersAddressIsADeath() {
        assertThat(LossDecision.replaced(true, false, 1, 2)).isTrue();
        assertThat(LossDecision.replaced(true, false, 1, 1)).isFalse();
        assertThat(LossDecision.replaced(false, false, 1, 2)).isFalse();
        assertThat(LossDecision.replaced(true, true, 1, 2)).isFalse();
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
        RepeatGate gate = new RepeatGate(100, 2);
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
}
