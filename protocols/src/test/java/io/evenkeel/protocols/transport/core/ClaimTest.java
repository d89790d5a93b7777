package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.transport.core.Claim.Answer;
import io.evenkeel.protocols.transport.core.Claim.Step;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimTest {

    @ParameterizedTest
    @CsvSource({
        "false,false,false,true,ADMIT",
        "false,false,false,false,ADMIT",
        "false,false,true,true,DIAL_BACK",
        "false,false,true,false,DIAL_BACK",
        "false,true,false,true,ASK",
        "false,true,true,true,ASK",
        "false,true,false,false,DIAL_BACK",
        "false,true,true,false,DIAL_BACK",
        "true,false,false,true,REFUSE",
        "true,true,true,true,REFUSE",
        "true,true,true,false,REFUSE"
    })
    void whatComesFirst(boolean elsewhere, boolean connected, boolean atStake, boolean sameProcess, Step step) {
        assertThat(Claim.first(new Claim.Facts(elsewhere, connected, atStake, sameProcess)))
                .isEqualTo(step);
    }

    @Test
    void onlyTheOwnerLetsItIn() {
        assertThat(Claim.asked(Answer.MINE, true)).isEqualTo(Step.ADMIT);
        assertThat(Claim.asked(Answer.GIVEN_UP, true)).isEqualTo(Step.REFUSE);
        assertThat(Claim.asked(Answer.NOT_MINE, true)).isEqualTo(Step.REFUSE);
        assertThat(Claim.dialled(7, 7, Answer.MINE)).isEqualTo(Step.ADMIT);
        assertThat(Claim.dialled(7, 8, Answer.MINE)).isEqualTo(Step.REFUSE);
        assertThat(Claim.dialled(7, 7, Answer.GIVEN_UP)).isEqualTo(Step.REFUSE);
        assertThat(Claim.dialled(7, 7, Answer.NOT_MINE)).isEqualTo(Step.REFUSE);
    }

    /** A peer that was there first, without a proof, must not keep the owner out for ever. */
    @ParameterizedTest
    @EnumSource(names = {"GIVEN_UP", "NOT_MINE"})
    void aPeerThatProvedNothingDeniesNothing(Answer answer) {
        assertThat(Claim.asked(answer, false)).isEqualTo(Step.DIAL_BACK);
    }

    @Test
    void aVersionThatDoesNotKnowTheQuestionAnswersByItsIncarnation() {
        assertThat(Claim.dialled(7, 7, null)).isEqualTo(Step.ADMIT);
        assertThat(Claim.dialled(7, 8, null)).isEqualTo(Step.REFUSE);
    }

    @Test
    void aNumberCountsForThePeerThatItWasToldOnly() {
        assertThat(Claim.answer(true, true)).isEqualTo(Answer.MINE);
        assertThat(Claim.answer(true, false)).isEqualTo(Answer.GIVEN_UP);
        assertThat(Claim.answer(false, true)).isEqualTo(Answer.NOT_MINE);
    }

    @ParameterizedTest
    @EnumSource
    void answersSurviveTheWire(Answer answer) {
        ByteBuffer in = ByteBuffer.wrap(answer.encode(Long.MIN_VALUE));
        assertThat(Claim.attempt(in)).isEqualTo(Long.MIN_VALUE);
        assertThat(Answer.decode(in)).isEqualTo(answer);
        assertThat(Answer.decode(ByteBuffer.wrap(answer.encode()))).isEqualTo(answer);
    }

    @Test
    void whatIsCutShortIsAViolation() {
        assertThatThrownBy(() -> Claim.attempt(ByteBuffer.allocate(7))).isInstanceOf(ProtocolViolationException.class);
        assertThatThrownBy(() -> Answer.decode(ByteBuffer.allocate(0))).isInstanceOf(ProtocolViolationException.class);
        assertThatThrownBy(() -> Answer.decode(ByteBuffer.wrap(new byte[] {4})))
                .isInstanceOf(ProtocolViolationException.class);
    }
}
