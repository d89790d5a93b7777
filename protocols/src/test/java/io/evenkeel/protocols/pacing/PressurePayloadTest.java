package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.Pressure.Shortage;
import java.util.Random;
import java.util.Set;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.ObjectMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressurePayloadTest {

    @Test
    void comesOutOfTheWireAsItWentIn() {
        Pressure pressure = new Pressure(80, Set.of(Shortage.PROCESSOR, Shortage.HEAP));

        assertThat(read(PressurePayload.of(pressure))).isEqualTo(pressure);
    }

    /** Other versions rely on it. */
    @Test
    void isWrittenAsDocumented() {
        assertThat(PressurePayload.of(new Pressure(50, Set.of(Shortage.PROCESSOR))))
                .containsExactly(50, 1);
        assertThat(PressurePayload.of(new Pressure(99, Set.of(Shortage.QUOTA)))).containsExactly(99, 2);
        assertThat(PressurePayload.of(new Pressure(99, Set.of(Shortage.HEAP)))).containsExactly(99, 4);
    }

    @Test
    void anAnswerOfAnOlderVersionTellsOfNothing() {
        assertThat(PressurePayload.read(new EmptyMessage())).isEqualTo(Pressure.NONE);
        assertThat(PressurePayload.read(new ObjectMessage(null, "an object"))).isEqualTo(Pressure.NONE);
    }

    @Test
    void whatALaterVersionAddsIsNotRead() {
        assertThat(read(80, 2 + 64, 1, 2, 3)).isEqualTo(new Pressure(80, Set.of(Shortage.QUOTA)));
    }

    @ParameterizedTest
    @CsvSource({
        "-128, 100",
        "-1, 100",
        "0, 100",
        "1, 50",
        "49, 50",
        "50, 50",
        "51, 51",
        "99, 99",
        "100, 100",
        "127, 100"
    })
    void aShareIsBelievedDownToTheFloorAndNothingThatMakesNoSense(int sent, int believed) {
        assertThat(read(sent, 1).sharePercent()).isEqualTo(believed);
    }

    @Test
    void garbageHarmsNobody() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] garbage = new byte[random.nextInt(5)];
            random.nextBytes(garbage);

            assertThat(read(garbage).sharePercent())
                    .as("seed %d", seed)
                    .isBetween(Pressure.MIN_SHARE_PERCENT, Pressure.NONE.sharePercent());
        }
    }

    private static Pressure read(int... bytes) {
        byte[] payload = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            payload[i] = (byte) bytes[i];
        }
        return read(payload);
    }

    private static Pressure read(byte[] payload) {
        return PressurePayload.read(new BytesMessage(null, payload));
    }
}
