package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.oidc.OidcAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way from Keycloak's jdbc-ping over evenkeel-migrate to evenkeel-jdbc, and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private final UserSessions users = new UserSessions(KEYCLOAK.admin());

    private static KeycloakCluster nodes(String name, UnaryOperator<NodeConfig> change, String... stacks)
            throws Exception {
        List<UnaryOperator<NodeConfig>> changes = new ArrayList<>();
        for (String stack : stacks) {
            changes.add(config -> change.apply(config).withStack(stack));
        }
        return KEYCLOAK.nodes(name, KEYCLOAK.home(), changes);
    }

    @Test
    void nodesOnBothStacksKnowEachOthersSessions() throws Exception {
        try (KeycloakCluster cluster = nodes("migrating", UnaryOperator.identity(), "jdbc-ping", "evenkeel-migrate")) {
            for (KeycloakNode node : cluster.nodes()) {
                node.start();
                node.awaitReady(BOUND);
            }
            cluster.awaitOneView(BOUND);
            KeycloakNode stock = cluster.node(0);
            KeycloakNode ours = cluster.node(1);
            users.refresh(ours, users.logIn(stock));
            users.refresh(stock, users.logIn(ours));
            assertThat(KEYCLOAK.leases("migrating").members()).containsExactly("node-2");
            assertThat(RealKeycloak.ourErrors(ours)).isEmpty();
            assertThat(RealKeycloak.metric(ours, "_tcp_netty_get_suspects_sent"))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterGoesAllTheWayAndBackWithoutLosingASession(boolean mtls) throws Exception {
        assumeTrue(Boolean.getBoolean("evenkeel.long"), "set -Devenkeel.long=true; it starts ten nodes");
        UnaryOperator<NodeConfig> tls =
                config -> mtls ? config : config.withOption("--cache-embedded-mtls-enabled=false");
        List<String> way = List.of("evenkeel-migrate", "evenkeel-jdbc", "evenkeel-migrate", "jdbc-ping");
        try (KeycloakCluster cluster = nodes("way" + mtls, tls, "jdbc-ping", "jdbc-ping")) {
            cluster.start();
            OidcAnswer[] sessions = new OidcAnswer[20];
            Arrays.setAll(sessions, i -> users.logIn(cluster.node(i % 2)));
            for (String stack : way) {
                for (int i : new int[] {1, 0}) {
                    KeycloakNode node = cluster.node(i);
                    node.stop();
                    node.configure(node.config().withStack(stack));
                    node.start();
                    node.awaitReady(BOUND);
                    cluster.awaitOneView(BOUND);
                    KeycloakNode other = cluster.node(1 - i);
                    Arrays.setAll(sessions, each -> users.refresh(other, users.refresh(node, sessions[each])));
                    assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                }
            }
        }
    }
}
