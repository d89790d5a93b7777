package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Real Keycloak nodes with sessions in memory alone: a restart rebalances once, and loses no session; nor does a
 * scale-down.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartGraceTest {
    private static final int SESSIONS = 3_000;
    /** At the least; a node owns two thirds of them, and of as many client sessions. */
    private static final long SESSION_BYTES = 100;

    private static final Duration BOUND = Duration.ofMinutes(10);
    private static final Pattern GRACE = Pattern.compile("leaves in good order and is expected back");
    private static final Pattern BACK = Pattern.compile("restart grace of .* is over, as a member has joined");
    private static final Pattern SESSIONS_REBALANCE =
            Pattern.compile("\\[Context=sessions] ISPN100002: .* topology id (\\d+)");

    private Sandbox sandbox;
    private SessionCluster cluster;
    private long sessions;

    @BeforeAll
    void fill() throws Exception {
        sandbox = Sandbox.openWithTables(
                Path.of(System.getProperty("evenkeel.root")), System.getProperty("keycloak.version"), step -> {});
        NodeKind kind = NodeKind.of(Contender.EVENKEEL, sandbox);
        cluster = SessionCluster.create(
                sandbox,
                new NodeKind(kind.label(), kind.home(), kind.stack(), RestartGraceTest::patient),
                "restart_grace",
                RestartScale.quick(List.of(Contender.EVENKEEL), SESSIONS, 1, 1).withHeapMb(512),
                List.of(),
                Diagnostics.create("restart_grace", sandbox.dir().resolve("evidence"), Optional.empty()));
        cluster.startWith(SESSIONS);
        cluster.awaitSettled(cluster.node(0), new CpuMeter(System.nanoTime()));
        sessions = cluster.count(cluster.node(0)).sessions();
        assertThat(sessions).as("with that of the administrator").isGreaterThanOrEqualTo(SESSIONS);
    }

    /** It has time to come back, and to wait for copies, on a machine that is short of processors. */
    private static NodeConfig patient(NodeConfig config) {
        return config.withShortRun()
                .withOption("--spi-cache-embedded--default--restart-grace=30m")
                .withOption("--spi-cache-embedded--default--leave-guard=10m");
    }

    @AfterAll
    void close() {
        if (cluster != null) {
            cluster.close();
        }
        if (sandbox != null) {
            sandbox.close();
        }
    }

    @Test
    @Order(1)
    void aRestartRebalancesOnceAndLosesNoSession() throws Exception {
        restart(cluster.node(2), cluster.node(0));
    }

    @Test
    @Order(2)
    void soDoesTheRestartOfTheCoordinator() throws Exception {
        restart(cluster.node(0), cluster.node(1));
    }

    @Test
    @Order(3)
    void scalingDownToOneLosesNoSession() throws Exception {
        assertThat(cluster.node(2).stop()).isTrue();
        assertThat(cluster.node(1).stop()).isTrue();
        assertThat(cluster.count(cluster.node(0)).sessions()).isEqualTo(sessions);
    }

    private void restart(KeycloakNode node, KeycloakNode coordinator) throws InterruptedException {
        long rebalancesBefore = rebalances(coordinator);

        assertThat(node.stop()).isTrue();
        assertThat(coordinator.log().await(GRACE, BOUND)).isPresent();
        assertThat(rebalances(coordinator)).as("rebalances in the leave").isEqualTo(rebalancesBefore);
        node.start();
        SessionCluster.awaitReady(node, new CpuMeter(System.nanoTime()));
        cluster.awaitSettled(node, new CpuMeter(System.nanoTime()));

        assertThat(coordinator.log().await(BACK, BOUND)).isPresent();
        assertThat(rebalances(coordinator) - rebalancesBefore).as("rebalances").isEqualTo(1);
        assertThat(cluster.count(node).sessions()).isEqualTo(sessions);
        assertThat(cluster.receivedBytes(List.of(node)))
                .as("bytes that the node has received, its state among them")
                .isGreaterThan(SESSIONS * SESSION_BYTES);
    }

    /** The coordinator logs each as such and as a member. */
    private static long rebalances(KeycloakNode node) {
        return node.log().lines().stream()
                .map(SESSIONS_REBALANCE::matcher)
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .distinct()
                .count();
    }
}
