package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
    private static final NodeConfig CONFIG = NodeConfig.of(
            "node1",
            "evenkeel-jdbc",
            new NodePorts(8080, 9000, 7800),
            new Database("jdbc:postgresql://127.0.0.1:5432/keycloak", new Credentials("keycloak", "db-secret")),
            new Credentials("admin", "admin-secret"));

    @Test
    void noSecretIsOnTheCommandLineOrInToString() {
        assertThat(CONFIG.startOptions()).noneMatch(option -> option.contains("secret"));
        assertThat(CONFIG.toString()).doesNotContain("secret");
        assertThat(CONFIG.startEnvironment())
                .containsEntry("KC_DB_PASSWORD", "db-secret")
                .containsEntry("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin-secret");
    }

    @Test
    void anOptionReplacesTheOneThatEveryNodeGets() {
        assertThat(CONFIG.withOption("--http-host=0.0.0.0")
                        .withOption("--verbose")
                        .startOptions())
                .contains("--http-host=0.0.0.0", "--verbose", "--cache-stack=evenkeel-jdbc", "--optimized")
                .doesNotContain("--http-host=127.0.0.1");
    }

    @Test
    void withoutAStackTheOptionIsLeftOut() {
        assertThat(CONFIG.withStack(null).startOptions()).noneMatch(option -> option.startsWith("--cache-stack"));
    }

    @Test
    void theUsersOwnKeycloakVariablesStayOutside() {
        assertThat(KcCommand.withoutForeign(Map.of(
                        "KC_DB",
                        "oracle",
                        "JAVA_OPTS_APPEND",
                        "-Xmx1m",
                        "JAVA",
                        "/bin/false",
                        "PATH",
                        "/bin",
                        "JAVA_HOME",
                        "/j")))
                .containsOnlyKeys("PATH", "JAVA_HOME");
    }
}
