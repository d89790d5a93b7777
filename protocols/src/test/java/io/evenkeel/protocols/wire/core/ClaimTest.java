package io.evenkeel.protocols.wire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.wire.core.Claim.Answer;
import io.evenkeel.protocols.wire.core.Claim.Step;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimTest {

    @ParameterizedTest
    @CsvSource({
        "false,false,true,ADMIT",
        "false,true,true,ADMIT",
        "false,false,false,ADMIT",
        "false,true,false,DIAL_BACK",
        "true,false,true,ASK",
        "true,true,true,ASK",
        "true,false,false,DIAL_BACK",
        "true,true,false,DIAL_BACK"
    })
    void whatComesFirst(boolean connected, boolean member, boolean sameProcess, Step step) {
        assertThat(Claim.first(connected, member, sameProcess)).isEqualTo(step);
    }

    @Test
    void onlyTheOwnerLetsItIn() {
        assertThat(Claim.next(Answer.MINE)).isEqualTo(Step.ADMIT);
        assertThat(Claim.next(Answer.GIVEN_UP)).isEqualTo(Step.REFUSE);
        assertThat(Claim.next(Answer.NOT_MINE)).isEqualTo(Step.REFUSE);
        assertThat(Claim.next(7, 7)).isEqualTo(Step.ADMIT);
        assertThat(Claim.next(7, 8)).isEqualTo(Step.REFUSE);
    }

    @ParameterizedTest
    @EnumSource
    void answersSurviveTheWire(Answer answer) {
        ByteBuffer in = ByteBuffer.wrap(answer.encode(Long.MIN_VALUE));
        assertThat(Claim.attempt(in)).isEqualTo(Long.MIN_VALUE);
        assertThat(Answer.decode(in)).isEqualTo(answer);
    }

    @Test
    void whatIsCutShortIsAViolation() {
        assertThatThrownBy(() -> Claim.attempt(ByteBuffer.allocate(7))).isInstanceOf(ProtocolViolationException.class);
        assertThatThrownBy(() -> Answer.decode(ByteBuffer.allocate(0))).isInstanceOf(ProtocolViolationException.class);
        assertThatThrownBy(() -> Answer.decode(ByteBuffer.wrap(new byte[] {4})))
                .isInstanceOf(ProtocolViolationException.class);
    }
}
