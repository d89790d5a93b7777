package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        LeaseOptions.of(config(Map.of("stockCluster", " warn ", "maxJoinTime", "5m", "leaseLoginTimeout", "30s")))
                .applyTo(protocol);
        assertThat(protocol.getStockCluster()).isEqualTo("warn");
        assertThat(protocol.getMaxJoinTime()).isEqualTo(300_000);
        assertThat(protocol.getLoginTimeout()).isEqualTo(30_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "warn"})
    void aStackThatJoinsStockIsNotTurnedIntoOneThatDoesNot(String policy) {
        protocol.setStockCluster("join");

        assertThatThrownBy(() ->
                        LeaseOptions.of(config(Map.of("stockCluster", policy))).applyTo(protocol))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EVK0501: --spi-cache-embedded--default--stock-cluster=" + policy
                        + " is set, and the stack has stock_cluster=join (as evenkeel-migrate has), which makes one"
                        + " cluster with the nodes on jdbc-ping; remove the option until they are gone");
        assertThat(protocol.getStockCluster()).isEqualTo("join");
    }

    @ParameterizedTest
    @CsvSource({
        "stockCluster, ignore, stock-cluster=ignore must be refuse or warn",
        "maxJoinTime, 5 miles, max-join-time=5 miles must be a time such as 90s or 5m",
        "maxJoinTime, -1, max-join-time=-1 must be a time such as 90s or 5m"
    })
    void aWrongValueIsRefusedByTheOptionsName(String key, String value, String message) {
        assertThatThrownBy(() -> LeaseOptions.of(config(Map.of(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EVK0501: --spi-cache-embedded--default--" + message);
    }

    @Test
    void keycloakShowsThem() {
        assertThat(LeaseOptions.metadata())
                .extracting(ProviderConfigProperty::getName)
                .contains("stockCluster", "maxJoinTime", "leaseLoginTimeout");
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
