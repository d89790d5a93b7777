package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A database that goes away, and one that does not let us create a table, under real Keycloak nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTroubleTest {

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
    void theClusterLivesThroughAnOutageAndItsLeasesComeBack() throws Exception {
        Database database = sandbox.postgres().createDatabase("outage");
        try (KeycloakCluster cluster = sandbox.newCluster("outage", RealKeycloak.home(sandbox))) {
            for (String name : List.of("node-1", "node-2")) {
                RealKeycloak.add(
                        cluster, name, sandbox.ports().freeForNode(), database, admin, UnaryOperator.identity());
            }
            cluster.start();
            ClusterView view = cluster.node(0).view().orElseThrow();

            sandbox.postgres().stop();
            for (KeycloakNode node : cluster.nodes()) {
                await().atMost(BOUND).until(() -> RealKeycloak.metric(node, "_jdbc_ping_lease_get_database_up") == 0);
            }
            double beats = RealKeycloak.metric(cluster.node(0), "_jdbc_ping_lease_get_beats");
            sandbox.postgres().start();
            for (KeycloakNode node : cluster.nodes()) {
                await().atMost(BOUND).until(() -> RealKeycloak.metric(node, "_jdbc_ping_lease_get_database_up") == 1);
                await().atMost(BOUND).until(() -> RealKeycloak.metric(node, "_jdbc_ping_lease_get_beats") > beats + 1);
                assertThat(node.log().find(Pattern.compile("the lease table is back")))
                        .isPresent();
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                assertThat(node.view()).hasValue(view);
            }

            LeaseRows leases = new LeaseRows(sandbox.postgres(), "outage", "evenkeel_lease");
            assertThat(leases.members()).containsExactly("node-1", "node-2");
            assertThat(cluster.node(1).stop()).isTrue();
            assertThat(leases.members()).containsExactly("node-1");
        }
    }

    @Test
    void aUserWhoMayNotCreateTablesIsToldWhatToRun() throws Exception {
        Database database = sandbox.postgres().createDatabase("denied");
        // Keycloak makes its own tables at the first start; after that its user is no longer let to make any.
        try (KeycloakCluster cluster = sandbox.newCluster("denied", RealKeycloak.home(sandbox))) {
            KeycloakNode node = RealKeycloak.add(
                    cluster,
                    "node-1",
                    sandbox.ports().freeForNode(),
                    database,
                    admin,
                    config -> config.withStack("jdbc-ping"));
            node.start();
            node.awaitReady(BOUND);
            node.stop();
            execute("denied", "ALTER SCHEMA public OWNER TO postgres", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");

            node.configure(node.config().withStack(RealKeycloak.JDBC_STACK));
            node.start();
            assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);
            assertThat(node.log()
                            .find(Pattern.compile(
                                    "table EVENKEEL_LEASE is missing.*CREATE TABLE.*GRANT SELECT.* TO denied")))
                    .isPresent();
            assertThat(node.log().find(Pattern.compile("trying again"))).isEmpty();
        }
    }

    private void execute(String database, String... statements) throws SQLException {
        try (Connection connection = sandbox.postgres().connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
