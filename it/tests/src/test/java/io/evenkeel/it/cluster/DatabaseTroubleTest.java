package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.ReadinessWatch;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.oidc.OidcClient;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A database that goes away, hangs, gives no more connections, or does not let us create a table, under real Keycloak
 * nodes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTroubleTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String DATABASE = "outage";
    private static final int POOL_SIZE = 3;

    /** At the defaults a member beats every 2.7 to 3 s. */
    private static final int BEATS_A_MINUTE = 23;

    private KeycloakCluster cluster;
    private ClusterView view;

    @BeforeAll
    void startTwoNodes() throws Exception {
        cluster = KEYCLOAK.twoNodes(
                DATABASE, KEYCLOAK.home(), config -> config.withOption("--db-pool-max-size=" + POOL_SIZE));
        cluster.start();
        view = cluster.node(0).view().orElseThrow();
    }

    @AfterAll
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Nobody was taken for dead, and nothing was logged as an error. */
    @AfterEach
    void theClusterIsWhatItWas() {
        assertThat(KEYCLOAK.leases(DATABASE).members()).containsExactly("node-1", "node-2");
        for (KeycloakNode node : cluster.nodes()) {
            assertThat(node.view()).hasValue(view);
            assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            assertThat(RealKeycloak.metric(node, "_jdbc_ping_lease_get_evictions"))
                    .isZero();
        }
    }

    @Test
    void theClusterLivesThroughAnOutageAndItsLeasesComeBack() throws Exception {
        ReadinessWatch watch = new ReadinessWatch(cluster.nodes());
        try (watch) {
            KEYCLOAK.postgres().stop();
            awaitDatabase(0);
            watch.awaitAnswers(20, BOUND);
            KEYCLOAK.postgres().start();
            awaitBeats();
            // Keycloak's own check of its pool says DOWN while the database is away, and so does the status.
            await().atMost(BOUND).until(() -> cluster.nodes().stream().allMatch(KeycloakNode::isReady));
        }
        assertThat(watch.clusterChecks())
                .as("the cluster's check before, during and after the outage")
                .containsOnly("UP");
    }

    @Test
    void theClusterLivesThroughAHangAndItsLeasesComeBack() throws Exception {
        Freeze freeze = Freeze.of(KEYCLOAK.postgres());
        try {
            awaitDatabase(0);
        } finally {
            freeze.close();
        }
        awaitBeats();
    }

    @Test
    void beatsGoOnWhileKeycloaksPoolIsExhaustedForAMinute() throws Exception {
        ExecutorService users = Executors.newCachedThreadPool();
        List<Future<?>> logins = new ArrayList<>();
        KeycloakNode node = cluster.node(0);
        OidcClient client = OidcClient.ofAdministrators();
        // What the first login loads is loaded under locks of Keycloak's own, which would let nobody else to the pool.
        // After an outage Keycloak's own pool fails a request or two.
        await().atMost(BOUND).until(() -> client.logIn(node, KEYCLOAK.admin()).status() == 200);
        try (Connection connection = KEYCLOAK.postgres().connect(DATABASE);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE user_entity IN ACCESS EXCLUSIVE MODE");
            for (int i = 0; i < 4 * POOL_SIZE; i++) {
                Credentials user = Credentials.generate("nobody-" + i);
                // Its answer is of no interest, nor whether it comes in time.
                logins.add(users.submit(() -> client.logIn(node, user)));
            }
            RealKeycloak.awaitMetric(node, "agroal_active_count", value -> value == POOL_SIZE);
            double beats = RealKeycloak.metric(node, "_jdbc_ping_lease_get_beats");
            RealKeycloak.awaitMetric(node, "_jdbc_ping_lease_get_beats", value -> value >= beats + BEATS_A_MINUTE);
            assertThat(RealKeycloak.metric(node, "agroal_active_count"))
                    .as("connections in use of %d, all the time", POOL_SIZE)
                    .isEqualTo(POOL_SIZE);
            RealKeycloak.awaitMetric(node, "_jdbc_ping_lease_get_database_up", value -> value == 1);
            assertThat(RealKeycloak.metric(node, "_jdbc_ping_lease_get_reentries"))
                    .isZero();
        } finally {
            users.shutdown();
        }
        await().atMost(BOUND).until(() -> logins.stream().allMatch(Future::isDone));
        RealKeycloak.awaitMetric(node, "agroal_active_count", value -> value == 0);
    }

    private void awaitDatabase(int up) {
        for (KeycloakNode node : cluster.nodes()) {
            RealKeycloak.awaitMetric(node, "_jdbc_ping_lease_get_database_up", value -> value == up);
        }
    }

    private void awaitBeats() {
        double beats = RealKeycloak.metric(cluster.node(0), "_jdbc_ping_lease_get_beats");
        awaitDatabase(1);
        for (KeycloakNode node : cluster.nodes()) {
            RealKeycloak.awaitMetric(node, "_jdbc_ping_lease_get_beats", value -> value > beats + 1);
            assertThat(node.log().find(Pattern.compile("the lease table is back")))
                    .isPresent();
        }
    }

    @Test
    void aUserWhoMayNotCreateTablesIsToldWhatToRun() throws Exception {
        Database database = KEYCLOAK.database("denied");
        // Keycloak's own tables are there, and from now on its user is not let to make any.
        KEYCLOAK.sql("denied", "ALTER SCHEMA public OWNER TO postgres", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        try (KeycloakCluster denied = KEYCLOAK.cluster("denied")) {
            KeycloakNode node = KEYCLOAK.add(denied, "node-1", database);
            node.start();
            assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);
            Pattern missing =
                    Pattern.compile("table EVENKEEL_LEASE is missing.*CREATE TABLE.*GRANT SELECT.* TO denied");
            assertThat(node.log().lines())
                    .filteredOn(line -> missing.matcher(line).find())
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("trying again"));
        }
    }
}
