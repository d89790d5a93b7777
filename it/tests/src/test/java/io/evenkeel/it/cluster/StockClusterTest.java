package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.LogLine;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node on Keycloak's own jdbc-ping beside nodes on evenkeel-jdbc, on one database: what a rolling change of the stack
 * gives.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StockClusterTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String DATABASE = "mixed";
    private static final Pattern FOUND =
            Pattern.compile("second cluster ISPN runs on this database.*stock-1 at 127\\.0\\.0\\.1");

    @Test
    void nodesAreNotReadyWhileANodeOnJdbcPingRunsAndReadyAfterItWasKilled() throws Exception {
        Database database = KEYCLOAK.database(DATABASE);
        try (KeycloakCluster stock = KEYCLOAK.cluster("stock");
                KeycloakCluster ours = KEYCLOAK.cluster("ours")) {
            KeycloakNode stockNode = KEYCLOAK.add(stock, "stock-1", database, config -> config.withStack("jdbc-ping"));
            KeycloakNode refusing = KEYCLOAK.add(ours, "node-1", database);
            KeycloakNode warning = KEYCLOAK.add(
                    ours,
                    "node-2",
                    database,
                    config -> config.withOption("--spi-cache-embedded--default--stock-cluster=warn"));
            stock.start();
            refusing.start();
            await().atMost(BOUND).until(() -> refusing.view().isPresent());
            warning.start();

            warning.awaitReady(BOUND);
            ours.awaitOneView(BOUND);
            for (KeycloakNode node : ours.nodes()) {
                await().atMost(BOUND)
                        .untilAsserted(() -> assertThat(warnings(node)).isNotEmpty());
            }
            await().atMost(BOUND).until(() -> refusing.readiness().isPresent());
            assertThat(refusing.isReady()).isFalse();
            await().atMost(BOUND).until(warning::isReady);

            stockNode.kill();
            refusing.awaitReady(BOUND);
            assertThat(KEYCLOAK.stockRows(DATABASE))
                    .as("the row of the killed node stays")
                    .hasSize(1);
            assertThat(refusing.log().await(Pattern.compile("no member on the stack jdbc-ping runs beside"), BOUND))
                    .isPresent();
            for (KeycloakNode node : ours.nodes()) {
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
        }
    }

    private static List<LogLine> warnings(KeycloakNode node) {
        return node.log().ofLevel("WARN").stream()
                .filter(line -> FOUND.matcher(line.message()).find())
                .toList();
    }
}
