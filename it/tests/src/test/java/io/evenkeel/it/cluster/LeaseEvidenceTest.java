package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.Readiness;
import io.evenkeel.it.node.ReadinessWatch;
import io.evenkeel.it.node.RecordingProxy;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The belief of real Keycloak nodes in the lease table, and in each other, where a row or a node misleads. The
 * coordinator, node-1, reaches the database over a path that can be cut. The tests share the nodes, as a boot takes
 * long.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LeaseEvidenceTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String DATABASE = "evidence";

    /** Longer than FD_ALL3's 40 s, after which the others go on without the node. */
    private static final long STOP_MS = 60_000;

    /** More than TCP_NETTY has threads that judge certificates. */
    private static final int STRANGERS = 6;

    private Database database;
    private RecordingProxy relay;
    private KeycloakCluster cluster;

    @BeforeAll
    void startTwoNodes() throws Exception {
        database = KEYCLOAK.database(DATABASE);
        relay = RecordingProxy.relay("127.0.0.1", KEYCLOAK.postgres().port());
        cluster = KEYCLOAK.cluster(DATABASE);
        add("node-1", relayed());
        add("node-2", database);
        cluster.start();
    }

    @AfterAll
    void stopNodes() throws Exception {
        RealKeycloak.closeInOrder(cluster, relay);
    }

    private KeycloakNode add(String name, Database used) {
        return KEYCLOAK.add(cluster, name, used);
    }

    /** The same database over a path that can be cut. */
    private Database relayed() {
        String direct = ":" + KEYCLOAK.postgres().port() + "/";
        return new Database(database.jdbcUrl().replace(direct, ":" + relay.port() + "/"), database.owner());
    }

    private static int viewSize(KeycloakNode node) {
        return node.view().map(ClusterView::size).orElse(0);
    }

    @Test
    @Order(1)
    void aNodeOnACopyOfTheDatabaseFoundsAClusterOfItsOwn() throws Exception {
        ClusterView view = cluster.node(0).view().orElseThrow();
        Database copy = KEYCLOAK.postgres().copyDatabase(database, DATABASE, "copied");
        try (KeycloakCluster staging = KEYCLOAK.cluster("staging")) {
            KeycloakNode node = KEYCLOAK.add(staging, "node-c", copy);
            node.start();
            node.awaitReady(BOUND);

            assertThat(viewSize(node)).isEqualTo(1);
            assertThat(node.log().find(Pattern.compile("this database is a copy of the one that it uses")))
                    .isPresent();
            assertThat(KEYCLOAK.leases("copied").members()).containsExactly("node-c");
            assertThat(KEYCLOAK.leases(DATABASE).members()).containsExactly("node-1", "node-2");
            assertThat(cluster.nodes())
                    .allSatisfy(member -> assertThat(member.view()).hasValue(view));
        }
    }

    /**
     * With Keycloak's automatic certificates, which are in the database: Keycloak would read them on the thread that
     * installs the view, and on that of each handshake that it refuses.
     */
    @Test
    @Order(2)
    void aNodeJoinsWhileTheCoordinatorsPathToTheDatabaseIsBlocked() throws Exception {
        KeycloakNode coordinator = cluster.node(0);
        relay.swallow(true);
        RealKeycloak.awaitMetric(coordinator, "_jdbc_ping_lease_get_database_up", value -> value == 0);
        KeyManager foreign = Stranger.keysOfAnotherAuthority();
        for (int i = 0; i < STRANGERS; i++) {
            assertThat(Stranger.isTurnedDownWithTls(coordinator.config().ports().jgroups(), foreign))
                    .isTrue();
        }
        KeycloakNode joiner = add("node-3", database);
        joiner.start();
        await().atMost(BOUND).until(() -> viewSize(joiner) > 0);

        assertThat(viewSize(joiner)).isEqualTo(3);
        assertThat(RealKeycloak.metric(coordinator, "_jdbc_ping_lease_get_database_up"))
                .isZero();
        assertThat(cluster.inOneView()).isTrue();
        relay.swallow(false);
        // What hangs in a connection of before gets no answer any more: both sides give it up.
        RealKeycloak.awaitMetric(coordinator, "_jdbc_ping_lease_get_database_up", value -> value == 1);
        assertThat(KEYCLOAK.leases(DATABASE).members()).containsExactly("node-1", "node-2", "node-3");
    }

    @Test
    @Order(3)
    void aCoordinatorThatWasStoppedForAMinuteMakesNobodyElseUnready() throws Exception {
        assumeTrue(Boolean.getBoolean("evenkeel.long"), "set -Devenkeel.long=true; it takes some three minutes");
        if (cluster.nodes().size() == 2) {
            add("node-3", database).start();
        }
        KeycloakNode third = cluster.node(2);
        third.awaitReady(BOUND);
        KeycloakNode stopped = cluster.node(0);
        List<KeycloakNode> majority = List.of(cluster.node(1), third);
        ProcessHandle process =
                ProcessHandle.of(stopped.javaPid().orElseThrow()).orElseThrow();
        try (ReadinessWatch watch = new ReadinessWatch(majority)) {
            Freeze freeze = Freeze.of(process);
            long resumeNs = System.nanoTime() + Duration.ofMillis(STOP_MS).toNanos();
            try {
                await().atMost(BOUND).until(() -> majority.stream().allMatch(node -> viewSize(node) == 2));
                // The length of the stop is what is tried, no condition that could be waited for.
                await().atMost(BOUND).until(() -> System.nanoTime() - resumeNs >= 0);
            } finally {
                freeze.close();
            }
            await().atMost(BOUND)
                    .until(() -> stopped.readiness().map(Readiness::cluster).isPresent());
            String first = stopped.readiness().map(Readiness::cluster).orElse("none");
            await().atMost(BOUND).until(cluster::inOneView);
            long mergedMs = (System.nanoTime() - resumeNs) / 1_000_000;
            watch.awaitAnswers(20, BOUND);
            System.out.printf(
                    "stopped for %d ms, one view %d ms later; its own check said %s first; that of the others %s%n",
                    STOP_MS, mergedMs, first, watch.clusterChecks());
            assertThat(watch.clusterChecks()).containsOnly("UP");
        }
    }
}
