package io.evenkeel.protocols.transport.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.core.LivenessEnd.How;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseCauseTest {
    private final CloseCause cause = new CloseCause();

    @Test
    void aRefusedConnectIsToldFromOtherFailures() {
        cause.connectFailed(new ConnectException("Connection refused"));
        assertThat(cause.outcome()).isEqualTo(Outcome.REFUSED);
        CloseCause other = new CloseCause();
        other.connectFailed(new NoRouteToHostException("No route to host"));
        assertThat(other.outcome()).isEqualTo(Outcome.SILENT);
    }

    @ParameterizedTest
    @CsvSource({
        "YIELD, YIELDED",
        "ADDRESS_UNPROVEN, UNPROVEN",
        "ABORTED, BROKEN",
        "CLOSED_EARLY, BROKEN",
        "UNTRUSTED_CERTIFICATE, REJECTED"
    })
    void theReasonMakesTheOutcome(Reason reason, Outcome outcome) {
        cause.refused(new Refusal(reason, "why"));
        assertThat(cause.outcome()).isEqualTo(outcome);
    }

    @Test
    void theFirstReasonStands() {
        cause.refused(new Refusal(Reason.YIELD, "first"));
        cause.refused(new Refusal(Reason.ABORTED, "second"));
        assertThat(cause.refusal()).contains(new Refusal(Reason.YIELD, "first"));
    }

    @Test
    void anUnexplainedEndOfADialledConnectionIsLoad() {
        cause.endedEarly(true);
        assertThat(cause.isForLoad()).isTrue();
        assertThat(cause.outcome()).isEqualTo(Outcome.BROKEN);
        CloseCause late = new CloseCause();
        late.timedOut();
        late.endedEarly(true);
        assertThat(late.isForLoad()).isFalse();
        assertThat(late.outcome()).isEqualTo(Outcome.SILENT);
    }

    @Test
    void onlyAStreamThatEndsWithoutAWordIsThatOfADeadProcess() {
        assertThat(cause.how()).isEqualTo(How.FINISHED);
        cause.goodbye();
        assertThat(cause.how()).isEqualTo(How.CLOSED);
        cause.refused(new Refusal(Reason.ABORTED, "reset"));
        assertThat(cause.how()).isEqualTo(How.BROKEN);
    }
}
