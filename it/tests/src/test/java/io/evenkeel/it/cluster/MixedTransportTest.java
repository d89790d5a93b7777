package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.oidc.OidcAnswer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes on Keycloak's own jdbc-ping and nodes on TCP_NETTY in one view, by the text of the documentation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MixedTransportTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String FILE = "tcp-netty-beside-jdbc-ping.xml";

    private final UserSessions users = new UserSessions(KEYCLOAK.admin());
    private Map<String, Path> files;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        files = OneProtocolPage.writeFilesInto(directory);
    }

    private static NodeConfig onStock(NodeConfig config) {
        return config.withStack("jdbc-ping");
    }

    private static NodeConfig onOurs(NodeConfig config) {
        return config.withStack(null).withOption("--cache-config-file=" + FILE);
    }

    private KeycloakCluster nodes(String name, List<UnaryOperator<NodeConfig>> kinds) throws Exception {
        return KEYCLOAK.nodes(name, KEYCLOAK.home().withConf(FILE, files.get(FILE)), kinds);
    }

    @Test
    void aSessionOfANodeOfEitherKindIsKnownToTheOther() throws Exception {
        try (KeycloakCluster cluster =
                nodes("stockpeers", List.of(MixedTransportTest::onStock, MixedTransportTest::onOurs))) {
            KeycloakNode stock = cluster.node(0);
            KeycloakNode ours = cluster.node(1);
            stock.start();
            stock.awaitReady(BOUND);
            ours.start();
            ours.awaitReady(BOUND);
            cluster.awaitOneView(BOUND);
            assertThat(stock.view())
                    .hasValueSatisfying(view -> assertThat(view.size()).isEqualTo(2));
            users.refresh(ours, users.logIn(stock));
            users.refresh(stock, users.logIn(ours));
            assertThat(RealKeycloak.ourErrors(ours)).isEmpty();
            assertThat(RealKeycloak.metric(ours, "_tcp_netty_get_suspects_sent"))
                    .isZero();
        }
    }

    /** There and back, node after node, with a session that lives in memory only. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterMovesThereAndBackWithoutLosingASession(boolean mtls) throws Exception {
        assumeTrue(Boolean.getBoolean("evenkeel.long"), "set -Devenkeel.long=true; it starts six nodes");
        UnaryOperator<NodeConfig> tls =
                config -> mtls ? config : config.withOption("--cache-embedded-mtls-enabled=false");
        String name = "moving" + mtls;
        try (KeycloakCluster cluster =
                nodes(name, List.of(config -> onStock(tls.apply(config)), config -> onStock(tls.apply(config))))) {
            cluster.start();
            OidcAnswer session = users.logIn(cluster.node(0));
            List<NodeConfig> before =
                    cluster.nodes().stream().map(KeycloakNode::config).toList();
            for (boolean there : new boolean[] {true, false}) {
                for (int i : new int[] {1, 0}) {
                    KeycloakNode node = cluster.node(i);
                    node.stop();
                    node.configure(there ? onOurs(before.get(i)) : before.get(i));
                    node.start();
                    node.awaitReady(BOUND);
                    cluster.awaitOneView(BOUND);
                    session = users.refresh(node, session);
                    session = users.refresh(cluster.node(1 - i), session);
                    assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                }
            }
        }
    }
}
