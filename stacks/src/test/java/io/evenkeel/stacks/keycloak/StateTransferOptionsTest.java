package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.STATE_FC;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;

class StateTransferOptionsTest {
    private final STATE_FC protocol = new STATE_FC();

    @Test
    void whatIsNotSetStaysAsTheStackHasIt() {
        protocol.setCap(1_000_000);

        StateTransferOptions none = StateTransferOptions.of(config(Map.of()));
        none.applyTo(protocol);

        assertThat(protocol.isEnabled()).isTrue();
        assertThat(protocol.getCap()).isEqualTo(1_000_000);
        assertThat(none.chunkEntries()).isEmpty();
    }

    @Test
    void eachOptionReachesItsAttribute() {
        StateTransferOptions options = StateTransferOptions.of(config(Map.of(
                "stateFcPacing", "false",
                "stateFcTargetDelayUs", "3000",
                "stateFcFloor", "8192",
                "stateFcCap", "2m",
                "stateChunkSize", "100")));
        options.applyTo(protocol);

        assertThat(protocol.isEnabled()).isFalse();
        assertThat(protocol.getTargetDelayUs()).isEqualTo(3_000);
        assertThat(protocol.getFloor()).isEqualTo(8_192);
        assertThat(protocol.getCap()).isEqualTo(2_000_000);
        assertThat(options.chunkEntries()).contains(100);
    }

    @ParameterizedTest
    @CsvSource({
        "stateFcPacing, on, state-fc-pacing=on must be true or false",
        "stateFcTargetDelayUs, 1.5ms, state-fc-target-delay-us=1.5ms must be a number of microseconds",
        "stateFcFloor, many, 'state-fc-floor=many must be a number of bytes, such as 16384 or 16k'",
        "stateFcCap, 4 miles, 'state-fc-cap=4 miles must be a number of bytes, such as 4000000 or 4m'",
        "stateChunkSize, 64k, state-chunk-size=64k must be a number of entries",
        "stateChunkSize, 0, state-chunk-size=0 must be >= 1"
    })
    void aBadValueIsRefusedByTheNameOfItsOption(String key, String value, String message) {
        assertThatThrownBy(() -> StateTransferOptions.of(config(Map.of(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EVK0501: --spi-cache-embedded--default--" + message);
    }

    @Test
    void theSmallestChunkIsOneEntry() {
        assertThat(StateTransferOptions.of(config(Map.of("stateChunkSize", "1")))
                        .chunkEntries())
                .contains(1);
    }

    @Test
    void keycloakIsToldOfEach() {
        assertThat(StateTransferOptions.metadata())
                .extracting(ProviderConfigProperty::getName)
                .containsExactly(
                        "stateFcPacing", "stateFcTargetDelayUs", "stateFcFloor", "stateFcCap", "stateChunkSize");
    }

    private static Config.Scope config(Map<String, String> values) {
        return (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> values.get((String) arguments[0]));
    }
}
