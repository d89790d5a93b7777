package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;

class LeaseOptionsTest {
    private final JDBC_PING_LEASE protocol = new JDBC_PING_LEASE();

    @Test
    void whatIsNotSetStaysAsTheStackHasIt() {
        protocol.setStockCluster("warn");
        LeaseOptions.of(config(Map.of())).applyTo(protocol);
        assertThat(protocol.getStockCluster()).isEqualTo("warn");
    }

    @Test
    void eachOptionReachesItsAttribute() {
        LeaseOptions.of(config(Map.of("stockCluster", " warn "))).applyTo(protocol);
        assertThat(protocol.getStockCluster()).isEqualTo("warn");
    }

    @Test
    void aWrongValueIsRefusedByTheOptionsName() {
        assertThatThrownBy(() -> LeaseOptions.of(config(Map.of("stockCluster", "ignore"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--spi-cache-embedded--default--stock-cluster=ignore must be refuse or warn");
    }

    @Test
    void keycloakShowsThem() {
        assertThat(LeaseOptions.metadata())
                .extracting(ProviderConfigProperty::getName)
                .contains("stockCluster");
    }

    private static Config.Scope config(Map<String, String> values) {
        return (Config.Scope) Proxy.newProxyInstance(
                LeaseOptionsTest.class.getClassLoader(),
                new Class<?>[] {Config.Scope.class},
                (proxy, method, args) -> method.getName().equals("get") && args.length == 1
                        ? values.get(String.valueOf(args[0]))
                        : null);
    }
}
