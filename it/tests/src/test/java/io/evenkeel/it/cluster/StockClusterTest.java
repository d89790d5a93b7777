package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.LogLine;
import io.evenkeel.it.node.Sandbox;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A node on Keycloak's own jdbc-ping beside nodes on evenkeel-jdbc, on one database: what a rolling change of the stack
 * gives.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StockClusterTest {
    private static final String DATABASE = "mixed";
    private static final Pattern FOUND =
            Pattern.compile("second cluster ISPN runs on this database.*stock-1 at 127\\.0\\.0\\.1");

    private final Credentials admin = RealKeycloak.markedAdmin();
    private Sandbox sandbox;

    @BeforeAll
    void open() throws Exception {
        sandbox = RealKeycloak.sandbox();
    }

    @AfterAll
    void close() {
        sandbox.close();
    }

    @Test
    void nodesAreNotReadyWhileANodeOnJdbcPingRunsAndReadyAfterItWasKilled() throws Exception {
        Database database = sandbox.postgres().createDatabase(DATABASE);
        try (KeycloakCluster stock = sandbox.newCluster("stock", RealKeycloak.home(sandbox));
                KeycloakCluster ours = sandbox.newCluster("ours", RealKeycloak.home(sandbox))) {
            KeycloakNode stockNode = RealKeycloak.add(
                    stock,
                    "stock-1",
                    sandbox.ports().freeForNode(),
                    database,
                    admin,
                    config -> config.withStack("jdbc-ping"));
            KeycloakNode refusing =
                    RealKeycloak.add(ours, "node-1", sandbox.ports().freeForNode(), database, admin, config -> config);
            KeycloakNode warning = RealKeycloak.add(
                    ours,
                    "node-2",
                    sandbox.ports().freeForNode(),
                    database,
                    admin,
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
            assertThat(warning.isReady()).isTrue();

            stockNode.kill();
            refusing.awaitReady(BOUND);
            assertThat(stockRows()).as("the row of the killed node stays").isOne();
            assertThat(refusing.log().find(Pattern.compile("no member on the stack jdbc-ping runs beside")))
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

    private int stockRows() throws SQLException {
        try (Connection connection = sandbox.postgres().connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM jgroups_ping")) {
            count.next();
            return count.getInt(1);
        }
    }
}
