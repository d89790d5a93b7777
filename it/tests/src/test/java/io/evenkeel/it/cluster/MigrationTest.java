package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.LogLine;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.TestCa;
import io.evenkeel.it.oidc.OidcAnswer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way from Keycloak's jdbc-ping over evenkeel-migrate to evenkeel-jdbc, and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final Pattern UNREADABLE = Pattern.compile("ISPN0|evenkeel|ClassNotFound");

    private static final String PASSWORD = "secret-of-the-store";

    @TempDir
    private Path files;

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
            await().atMost(BOUND).untilAsserted(() -> assertThat(KEYCLOAK.stockRows("migrating"))
                    .hasSize(2)
                    .anyMatch(name -> name.startsWith("node-2")));
            assertThat(RealKeycloak.ourErrors(ours)).isEmpty();
            assertThat(RealKeycloak.metric(ours, "_tcp_netty_get_suspects_sent"))
                    .isZero();
        }
    }

    /** Keys and trust of the cluster. */
    private enum Tls {
        AUTOMATIC,
        FILES,
        NONE
    }

    private UnaryOperator<NodeConfig> configured(Tls tls) {
        return switch (tls) {
            case AUTOMATIC -> UnaryOperator.identity();
            case FILES -> {
                TestCa keys = new TestCa(files, PASSWORD, new SecureRandom());
                keys.keyStore("keys.p12", "PKCS12", "CN=member");
                keys.trustStore("trust.p12", "PKCS12");
                yield config -> KeyStoreOptions.with(config, keys, "p12", PASSWORD);
            }
            case NONE -> config -> config.withOption("--cache-embedded-mtls-enabled=false");
        };
    }

    @ParameterizedTest
    @EnumSource
    void aClusterGoesAllTheWayAndBackWithoutLosingASession(Tls tls) throws Exception {
        assumeTrue(Boolean.getBoolean("evenkeel.long"), "set -Devenkeel.long=true; it starts ten nodes");
        List<String> way = List.of("evenkeel-migrate", "evenkeel-jdbc", "evenkeel-migrate", "jdbc-ping");
        try (KeycloakCluster cluster =
                nodes("way_" + tls.name().toLowerCase(Locale.ROOT), configured(tls), "jdbc-ping", "jdbc-ping")) {
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
                    awaitStockConnections(cluster);
                }
            }
        }
    }

    /** The first image has no jar of the pack. Nothing that the other node says is beyond it, its leave included. */
    @Test
    void aNodeWithoutTheJarIsInTheSameCluster() throws Exception {
        assumeTrue(Boolean.getBoolean("evenkeel.long"), "set -Devenkeel.long=true; it builds another Keycloak");
        Database database = KEYCLOAK.database("withoutjar");
        try (KeycloakCluster without = KEYCLOAK.cluster("without", RealKeycloak.homeWithoutPack());
                KeycloakCluster with = KEYCLOAK.cluster("with")) {
            KeycloakNode stock = KEYCLOAK.add(without, "stock-1", database, config -> config.withStack("jdbc-ping"));
            KeycloakNode ours = KEYCLOAK.add(with, "node-1", database, config -> config.withStack("evenkeel-migrate"));
            without.start();
            ours.start();
            ours.awaitReady(BOUND);
            awaitViewSize(2, stock, ours);
            OidcAnswer ofStock = users.refresh(ours, users.logIn(stock));
            OidcAnswer ofOurs = users.refresh(stock, users.logIn(ours));
            assertThat(ours.stop()).isTrue();
            awaitViewSize(1, stock);
            users.refresh(stock, ofStock);
            users.refresh(stock, ofOurs);
            assertThat(stock.log().ofLevel("ERROR"))
                    .extracting(LogLine::message)
                    .noneMatch(message -> UNREADABLE.matcher(message).find());
        }
    }

    private static void awaitViewSize(int size, KeycloakNode... nodes) {
        for (KeycloakNode node : nodes) {
            await().atMost(BOUND).until(() -> node.view().map(ClusterView::size).orElse(0) == size);
        }
    }

    /** By it users see when a step is done. */
    private static void awaitStockConnections(KeycloakCluster cluster) {
        double stock = cluster.nodes().stream().filter(MigrationTest::isStock).count();
        cluster.nodes().stream().filter(node -> !isStock(node)).forEach(node -> await().atMost(BOUND)
                .untilAsserted(() -> assertThat(RealKeycloak.metric(node, "evenkeel_tcp_netty_stock_connections"))
                        .as(node.name())
                        .isEqualTo(stock)));
    }

    private static boolean isStock(KeycloakNode node) {
        return "jdbc-ping".equals(node.config().stack());
    }
}
