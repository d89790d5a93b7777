package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;

class KeycloakOptionTest {
    private static final String SCOPE = "kc.spi-cache-embedded--default--";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evenkeel-tls-trust-fil",
                "evenkeel-state-fc-cap",
                "state-fc-kap",
                "state-fc-enabled",
                "restart-gracetime",
                "leave-grace",
                "stock-table",
                "max-join-tim",
                "lease-ttl"
            })
    void whatLooksLikeAnOptionOfOursAndIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> requireKnown(SCOPE + name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("EVK0501: --spi-cache-embedded--default--" + name
                        + " is not an option of Evenkeel, which has [")
                .hasMessageContaining("state-fc-cap");
    }

    @Test
    void allOfOursAndThoseOfOthersAreTaken() {
        for (ProviderConfigProperty ours : EvenkeelCacheEmbeddedConfigProviderFactory.ownMetadata()) {
            assertThatCode(() -> requireKnown(SCOPE + KeycloakOption.optionName(ours.getName())))
                    .doesNotThrowAnyException();
        }
        for (ProviderConfigProperty any : new EvenkeelCacheEmbeddedConfigProviderFactory().getConfigMetadata()) {
            assertThatCode(() -> requireKnown(SCOPE + KeycloakOption.optionName(any.getName())))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> requireKnown(SCOPE + "stack", SCOPE + "tracing-enabled", SCOPE + "somebody-elses"))
                .doesNotThrowAnyException();
    }

    @Test
    void aSystemPropertyThatLooksLikeOneOfOursAndIsNoneIsRefused() {
        assertThatThrownBy(() -> OwnSystemProperties.requireKnown(Set.of("user.dir", "evenkeel.dns_qery")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "EVK0501: the system property evenkeel.dns_qery is not one of Evenkeel's, which are [")
                .hasMessageContaining("evenkeel.dns_query");
        assertThatCode(() -> OwnSystemProperties.requireKnown(
                        Set.of("evenkeel.allow_unsupported_versions", "evenkeel.initial_hosts", "jgroups.bind.port")))
                .doesNotThrowAnyException();
    }

    private static void requireKnown(String... properties) {
        Config.Scope config = (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> Set.of(properties));
        KeycloakOption.requireKnown(config, EvenkeelCacheEmbeddedConfigProviderFactory.ownMetadata());
    }
}
