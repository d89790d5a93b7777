package io.evenkeel.stacks.infinispan.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestartOptionsTest {
    @Test
    void aMinuteEachUnlessSet() {
        assertThat(RestartOptions.of(
                        GlobalConfigurationBuilder.defaultClusteredBuilder().build()))
                .isEqualTo(new RestartOptions(60_000, 60_000));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "500, 500", "500ms, 500", "90s, 90000", "2m, 120000", "1h, 3600000"})
    void readsTimes(String text, long ms) {
        assertThat(RestartOptions.of(with(RestartOptions.GRACE, text)).graceMs())
                .isEqualTo(ms);
        assertThat(RestartOptions.of(with(RestartOptions.GUARD, text)).guardMs())
                .isEqualTo(ms);
    }

    @Test
    void takesNumbersOfJavaCodeToo() {
        assertThat(RestartOptions.of(with(RestartOptions.GRACE, 0)).graceMs()).isZero();
        assertThat(RestartOptions.of(with(RestartOptions.GUARD, 5_000L)).guardMs())
                .isEqualTo(5_000);
        assertThatThrownBy(() -> RestartOptions.of(with(RestartOptions.GUARD, Duration.ofMinutes(2))))
                .hasMessage(
                        "EVK0408: transport property evenkeel.leave-guard=PT2M must be a time such as 60s, 2m or 0");
        assertThatThrownBy(() -> RestartOptions.of(with("evenkeel.restart-grase", 0)))
                .hasMessageContaining("evenkeel.restart-grase is not one of Evenkeel's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1s", "1 s", "a minute", "1.5s"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> RestartOptions.of(with(RestartOptions.GRACE, text)))
                .hasMessage("EVK0408: transport property evenkeel.restart-grace=" + text
                        + " must be a time such as 60s, 2m or 0");
    }

    @Test
    void refusesAPropertyThatItDoesNotKnow() {
        assertThatThrownBy(() -> RestartOptions.of(with("evenkeel.restart-grase", "60s")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EVK0408: transport property evenkeel.restart-grase is not one of Evenkeel's, which are"
                        + " [evenkeel.restart-grace, evenkeel.leave-guard]");
        assertThat(RestartOptions.of(with("somebody.else", "60s"))).isNotNull();
    }

    private static GlobalConfiguration with(String property, Object value) {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport().addProperty(property, value);
        return global.build();
    }
}
