package io.evenkeel.protocols.transport.core;

import static io.evenkeel.protocols.transport.core.HelloTest.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
    private final Hello ours = hello("127.0.0.1", 7800, 1);

    @ParameterizedTest
    @EnumSource(Reason.class)
    void survivesTheWire(Reason reason) {
        Refusal sent = new Refusal(reason, "détail");
        assertThat(Refusal.decode(ByteBuffer.wrap(sent.encode()))).isEqualTo(sent);
    }

    @Test
    void unknownCodeAndForgedLinesAreHarmless() {
        Refusal read = Refusal.decode(ByteBuffer.wrap(new byte[] {99, 'a', '\n', 'b'}));
        assertThat(read).isEqualTo(new Refusal(Reason.REFUSED_BY_PEER, "a b"));
        assertThatThrownBy(() -> Refusal.decode(ByteBuffer.allocate(0))).isInstanceOf(ProtocolViolationException.class);
    }

    @Test
    void detailIsCutAtItsBound() {
        assertThat(new Refusal(Reason.YIELD, "x".repeat(1000)).encode()).hasSize(1001);
        assertThat(new Refusal(Reason.YIELD, "x".repeat(1001)).encode()).hasSize(1001);
    }

    @Test
    void aMemberOfTheSameClusterIsAccepted() {
        assertThat(Refusal.judge(ours, hello("127.0.0.1", 7801, 2), false)).isEmpty();
    }

    @Test
    void othersAreTold() {
        assertThat(Refusal.judge(ours, hello("other", "127.0.0.1", 7801, 2), false))
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.OTHER_CLUSTER);
                    assertThat(refusal.detail()).contains("'other'", "'cluster'");
                });
        assertThat(Refusal.judge(ours, hello("127.0.0.1", 7801, 2), true))
                .map(Refusal::reason)
                .contains(Reason.LEAVING);
        assertThat(Refusal.judge(ours, ours, false)).map(Refusal::reason).contains(Reason.SAME_PROCESS);
        assertThat(Refusal.judge(ours, ours.asProbe(), false)).isEmpty();
    }
}
