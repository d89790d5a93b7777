package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Properties;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;

class RestartKeycloakOptionsTest {
    @Test
    void whatIsNotSetStaysAsItIs() {
        assertThat(transport(Map.of())).doesNotContainKeys(RestartOptions.GRACE, RestartOptions.GUARD);
    }

    @Test
    void eachOptionReachesItsProperty() {
        assertThat(transport(Map.of("restartGrace", "90s", "leaveGuard", "0")))
                .containsEntry(RestartOptions.GRACE, "90s")
                .containsEntry(RestartOptions.GUARD, "0");
    }

    @ParameterizedTest
    @CsvSource({
        "restartGrace, soon, restart-grace=soon must be a time such as 60s, ' 2m or 0'",
        "leaveGuard, -1, leave-guard=-1 must be a time such as 60s, ' 2m or 0'"
    })
    void aBadValueIsRefusedByTheNameOfItsOption(String key, String value, String begin, String end) {
        assertThatThrownBy(() -> RestartKeycloakOptions.of(config(Map.of(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EVK0501: --spi-cache-embedded--default--" + begin + "," + end);
    }

    @Test
    void keycloakIsToldOfEach() {
        assertThat(RestartKeycloakOptions.metadata())
                .extracting(ProviderConfigProperty::getName)
                .containsExactly("restartGrace", "leaveGuard");
    }

    private static Properties transport(Map<String, String> values) {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        RestartKeycloakOptions.of(config(values)).applyTo(global.transport());
        return global.build().transport().properties();
    }

    private static Config.Scope config(Map<String, String> values) {
        return (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> values.get((String) arguments[0]));
    }
}
