package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.EvenkeelStack;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.infinispan.remoting.transport.jgroups.BuiltinJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.Config;

class KeycloakChannelConfiguratorTest {

    private final JGroupsChannelConfigurator jdbc = new EvenkeelStack("evenkeel-jdbc").configurator(new Properties());

    @Test
    void keycloaksTracingStandsAboveTheTransportWhenItIsOn() {
        List<String> traced = protocols(true);
        List<String> untraced = protocols(false);

        assertThat(traced.get(1)).isEqualTo("org.keycloak.jgroups.protocol.OPEN_TELEMETRY");
        assertThat(traced).hasSize(untraced.size() + 1).containsAll(untraced);
    }

    @Test
    void askingTwiceAddsItOnce() {
        KeycloakChannelConfigurator configurator = configurator(true);
        configurator.getProtocolStack();

        assertThat(configurator.getProtocolStack())
                .extracting(ProtocolConfiguration::getProtocolName)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evenkeel-jdbc", "evenkeel-dns", "evenkeel-kube", "evenkeel-static"})
    void concernsEveryStackOfThePack(String name) {
        assertThat(KeycloakChannelConfigurator.concerns(new EvenkeelStack(name).configurator(new Properties())))
                .isTrue();
    }

    @Test
    void doesNotConcernStacksWithoutAProtocolOfThePack() {
        assertThat(KeycloakChannelConfigurator.concerns(BuiltinJGroupsChannelConfigurator.TCP(new Properties())))
                .isFalse();
    }

    @Test
    void concernsAStackOfOthersWithStateFcAlone() {
        List<ProtocolConfiguration> protocols = List.of(
                new ProtocolConfiguration("TCP", Map.of()),
                new ProtocolConfiguration(STATE_FC.class.getName(), Map.of()));
        JGroupsChannelConfigurator stack = (JGroupsChannelConfigurator) Proxy.newProxyInstance(
                JGroupsChannelConfigurator.class.getClassLoader(),
                new Class<?>[] {JGroupsChannelConfigurator.class},
                (proxy, method, arguments) -> protocols);

        assertThat(KeycloakChannelConfigurator.concerns(stack)).isTrue();
    }

    private List<String> protocols(boolean tracing) {
        return configurator(tracing).getProtocolStack().stream()
                .map(ProtocolConfiguration::getProtocolName)
                .toList();
    }

    private KeycloakChannelConfigurator configurator(boolean tracing) {
        Config.Scope config = (Config.Scope) Proxy.newProxyInstance(
                Config.Scope.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, arguments) -> {
                    assertThat(arguments[0]).isEqualTo("tracingEnabled");
                    return tracing;
                });
        return new KeycloakChannelConfigurator(jdbc, Optional.empty(), new KeycloakServices(config, null), null);
    }
}
