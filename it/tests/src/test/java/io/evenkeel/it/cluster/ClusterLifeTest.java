package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.member.LeaseRows;
import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Readiness;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
 * The ordinary life of a cluster of two real Keycloak nodes on {@code --cache-stack=evenkeel-jdbc}, with Keycloak's
 * automatic certificates: start, users, strangers, kill, restart, leave. The steps build on each other, as a boot takes
 * long. A proxy that records stands before the first node's port, which the second one therefore connects to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLifeTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final int LOGINS = 20;

    private final OidcClient users = OidcClient.ofAdministrators();
    private KeycloakCluster cluster;
    private RecordingProxy proxy;
    private KeycloakNode node1;
    private KeycloakNode node2;
    private LeaseRows leases;

    @BeforeAll
    void startTwoNodes() throws Exception {
        Database database = KEYCLOAK.emptyDatabase("life");
        leases = KEYCLOAK.leases("life");
        cluster = KEYCLOAK.cluster("life");
        NodePorts ports1 = KEYCLOAK.ports();
        NodePorts ports2 = KEYCLOAK.ports();
        proxy = RecordingProxy.to(ports1.jgroups());
        node1 = KEYCLOAK.add(cluster, "node-1", ports1, database, config -> config.withOption(
                        "--cache-embedded-network-external-address=127.0.0.1")
                .withOption("--cache-embedded-network-external-port=" + proxy.port()));
        node2 = KEYCLOAK.add(cluster, "node-2", ports2, database, UnaryOperator.identity());
        // One after the other: the first founds the cluster, the second comes to it through the proxy.
        node1.start();
        node1.awaitReady(BOUND);
        node2.start();
        node2.awaitReady(BOUND);
        cluster.awaitOneView(BOUND);
    }

    @AfterAll
    void stopEverything() throws Exception {
        RealKeycloak.closeInOrder(cluster, proxy);
    }

    @Test
    @Order(1)
    void bothNodesAreReadyInOneView() {
        await().atMost(BOUND).until(() -> node1.isReady() && node2.isReady());
        assertThat(node1.view()).isEqualTo(node2.view()).hasValueSatisfying(view -> assertThat(view.size())
                .isEqualTo(2));
        assertThat(leases.members()).containsExactly("node-1", "node-2");
        assertThat(RealKeycloak.metric(node1, "_cluster_size")).isEqualTo(2);
    }

    @Test
    @Order(2)
    void theMetricsKeepToTheRulesOfPrometheus() {
        for (KeycloakNode node : List.of(node1, node2)) {
            assertThat(PrometheusRules.violations(node.metrics(), "evenkeel_")).isEmpty();
        }
    }

    /** Infinispan 16.0 by itself rebalances one after the other. */
    @Test
    @Order(2)
    void theCachesOfTheSecondNodeGetTheirStateAtTheSameTime() {
        assertThat(ClusterLog.mostRebalancesAtOnce(node1.log().lines())).isGreaterThan(1);
    }

    @Test
    @Order(2)
    void theyTalkTls13OnTheAddressThatTheyAdvertise() {
        assertThat(node1.log().find(Pattern.compile("TLSv1\\.3"))).isPresent();
        assertThat(node1.log().find(Pattern.compile("ISPN000079.*127\\.0\\.0\\.1:" + proxy.port())))
                .isPresent();
        assertThat(proxy.recordedBytes()).isGreaterThan(10_000);
    }

    @Test
    @Order(3)
    void aSessionOfOneNodeRefreshesOnTheOther() {
        OidcAnswer login = users.logIn(node1, KEYCLOAK.admin());
        assertThat(login.status()).as(login.body()).isEqualTo(200);

        OidcAnswer refresh = users.refresh(node2, login.refreshToken());
        assertThat(refresh.status()).as(refresh.body()).isEqualTo(200);
    }

    @Test
    @Order(4)
    void nothingOfASessionIsInClearOnTheWire() {
        int bytesBefore = proxy.recordedBytes();
        List<OidcAnswer> logins = IntStream.range(0, LOGINS)
                .mapToObj(i -> users.logIn(i % 2 == 0 ? node1 : node2, KEYCLOAK.admin()))
                .toList();

        assertThat(logins).allSatisfy(login -> assertThat(login.status()).isEqualTo(200));
        // The sessions did go by here, a kilobyte each and more.
        assertThat(proxy.recordedBytes() - bytesBefore).isGreaterThan(LOGINS * 1000);
        // That the recorder would see the name is what PlainTextTest shows.
        assertThat(proxy.saw(KEYCLOAK.admin().user())).isFalse();
    }

    @Test
    @Order(5)
    void whatUsersDoIsNotTakenForStateTransfer() {
        double bulkBefore = bulkMessages();
        double foregroundBefore = foregroundMessages();

        for (int i = 0; i < LOGINS; i++) {
            OidcAnswer login = users.logIn(i % 2 == 0 ? node1 : node2, KEYCLOAK.admin());
            OidcAnswer refresh = users.refresh(i % 2 == 0 ? node2 : node1, login.refreshToken());
            assertThat(refresh.status()).as(refresh.body()).isEqualTo(200);
        }

        assertThat(foregroundMessages() - foregroundBefore).isGreaterThan(LOGINS);
        assertThat(bulkMessages()).isEqualTo(bulkBefore);
    }

    private double bulkMessages() {
        return messages("bulk");
    }

    private double foregroundMessages() {
        return messages("foreground");
    }

    private double messages(String kind) {
        double sum = 0;
        for (KeycloakNode node : List.of(node1, node2)) {
            sum += RealKeycloak.metric(node, "_state_fc_get_" + kind + "_messages_sent")
                    + RealKeycloak.metric(node, "_state_fc_get_" + kind + "_messages_received");
        }
        return sum;
    }

    @Test
    @Order(6)
    void aStrangerInClearIsTurnedDownAndLogged() throws Exception {
        assertThat(Stranger.isTurnedDownInClear(node1.config().ports().jgroups()))
                .isTrue();
        await().atMost(BOUND).until(() -> isRefusalInLog("PLAIN_TEXT"));
    }

    @Test
    @Order(7)
    void aStrangerWithoutACertificateIsTurnedDownAndLogged() throws Exception {
        awaitRefusalOf("NO_CERTIFICATE");
    }

    @Test
    @Order(8)
    void aStrangerWithACertificateOfAnotherAuthorityIsTurnedDownAndLogged() throws Exception {
        awaitRefusalOf("UNTRUSTED_CERTIFICATE", Stranger.keysOfAnotherAuthority());
    }

    @Test
    @Order(9)
    void theStrangersHaveCostTheClusterNothing() {
        await().atMost(BOUND).until(() -> node1.isReady() && node2.isReady());
        assertThat(cluster.inOneView()).isTrue();
        // A check without a certificate, as a load balancer makes it, is no refused peer.
        assertThat(RealKeycloak.metric(node1, "_tcp_netty_get_handshakes_refused"))
                .isGreaterThanOrEqualTo(2);
    }

    /** A row that beats is all that a split shows to the losing side. */
    @Test
    @Order(10)
    void theLosingSideOfASplitIsNotReadyUntilTheWinnerIsGone() throws Exception {
        List<KeycloakNode> nodes = List.of(node1, node2);
        try (LargerCluster larger = new LargerCluster(KEYCLOAK.postgres(), "life")) {
            larger.start();
            await().atMost(BOUND).until(() -> nodes.stream()
                    .allMatch(n -> n.readiness().filter(Readiness::clusterDown).isPresent()));
            await().atMost(BOUND).untilAsserted(() -> assertThat(nodes)
                    .allSatisfy(n -> assertThat(n.status("/health/ready")).hasValue(503)));
            assertThat(leases.members()).containsExactly("node-1", "node-2", LargerCluster.NAME);
        }
        await().atMost(BOUND).until(() -> node1.isReady() && node2.isReady());
        await().atMost(BOUND).until(() -> leases.members().equals(Set.of("node-1", "node-2")));
        assertThat(cluster.inOneView()).isTrue();
    }

    @Test
    @Order(11)
    void aKilledNodeLeavesTheViewAndTheTable() {
        node2.kill();

        await().atMost(BOUND).until(() -> node1.view().map(ClusterView::size).orElse(0) == 1);
        await().atMost(BOUND).until(() -> leases.members().equals(Set.of("node-1")));
        await().atMost(BOUND).until(node1::isReady);
    }

    @Test
    @Order(12)
    void itComesBackAndItsStateIsClassifiedAsBulk() throws Exception {
        double bulkBefore = RealKeycloak.metric(node1, "_state_fc_get_bulk_messages_sent");
        double foregroundBefore = RealKeycloak.metric(node1, "_state_fc_get_foreground_messages_sent");

        node2.start();
        node2.awaitReady(BOUND);
        cluster.awaitOneView(BOUND);

        assertThat(leases.members()).containsExactly("node-1", "node-2");
        assertThat(RealKeycloak.metric(node1, "_state_fc_get_bulk_messages_sent"))
                .isGreaterThan(bulkBefore);
        assertThat(RealKeycloak.metric(node1, "_state_fc_get_foreground_messages_sent"))
                .isGreaterThan(foregroundBefore);
        for (KeycloakNode node : List.of(node1, node2)) {
            assertThat(RealKeycloak.metric(node, "_state_fc_get_unrecognised_transfers"))
                    .isZero();
        }
    }

    @Test
    @Order(13)
    void aNodeThatStopsTakesItsRowWithIt() {
        assertThat(node2.stop()).isTrue();

        await().atMost(BOUND).until(() -> leases.members().equals(Set.of("node-1")));
        await().atMost(BOUND).until(() -> node1.view().map(ClusterView::size).orElse(0) == 1);
    }

    @Test
    @Order(14)
    void theLogHasNoErrorOfOursAndTheHealthCheckIsThere() {
        for (KeycloakNode node : List.of(node1, node2)) {
            assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            assertThat(node.log().find(Pattern.compile("Unable to check cluster health")))
                    .isEmpty();
        }
    }

    @Test
    @Order(15)
    void attributesOfEachProtocolAreMetrics() {
        RealKeycloak.awaitMetric(node1, "_jdbc_ping_lease_get_live_rows", value -> value == 1);
        assertThat(RealKeycloak.metric(node1, "_tcp_netty_get_open_connections"))
                .isGreaterThanOrEqualTo(0);
        assertThat(RealKeycloak.metric(node1, "_state_fc_get_bulk_bytes_sent")).isPositive();
    }

    /** A handshake that takes too long is refused for that reason: then the stranger comes again. */
    private void awaitRefusalOf(String reason, KeyManager... keys) {
        await().atMost(BOUND).pollInterval(Duration.ofSeconds(5)).until(() -> {
            assertThat(Stranger.isTurnedDownWithTls(node1.config().ports().jgroups(), keys))
                    .isTrue();
            return isRefusalInLog(reason);
        });
    }

    private boolean isRefusalInLog(String reason) {
        return node1.log().ofLevel("WARN").stream()
                .filter(line -> line.logger().startsWith("io.evenkeel"))
                .anyMatch(line -> line.message().contains("127.0.0.1")
                        && Pattern.compile(reason).matcher(line.message()).find());
    }
}
