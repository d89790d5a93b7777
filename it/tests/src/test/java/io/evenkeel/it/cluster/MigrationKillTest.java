package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.ClusterLog;
import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.ViewChange;
import io.evenkeel.it.oidc.OidcAnswer;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * kill -9 in a cluster that migrates: of a node of each kind, as the coordinator and as another member. The times are
 * printed; those of stock alone come first.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class MigrationKillTest {
    private static final int SESSIONS = 20;

    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private final UserSessions users = new UserSessions(KEYCLOAK.admin());

    @ParameterizedTest
    @CsvSource({"jdbc-ping, jdbc-ping", "jdbc-ping, evenkeel-migrate", "evenkeel-migrate, evenkeel-jdbc"})
    void theOthersGoOnInOneView(String first, String second) throws Exception {
        List<UnaryOperator<NodeConfig>> changes = new ArrayList<>();
        for (String stack : List.of(first, second, first)) {
            changes.add(config -> config.withStack(stack));
        }
        try (KeycloakCluster cluster =
                KEYCLOAK.nodes(("killed_" + first + "_" + second).replace('-', '_'), KEYCLOAK.home(), changes)) {
            for (KeycloakNode node : cluster.nodes()) {
                start(node, cluster);
            }
            OidcAnswer[] sessions = new OidcAnswer[SESSIONS];
            Arrays.setAll(sessions, i -> users.logIn(cluster.node(i % 3)));
            // Each goes last in the view, so that the next one of the list is the coordinator in its turn.
            for (int victim : new int[] {2, 0, 1, 1}) {
                kill(cluster.node(victim), cluster, sessions);
                start(cluster.node(victim), cluster);
            }
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
        }
    }

    private static void start(KeycloakNode node, KeycloakCluster cluster) throws Exception {
        node.start();
        node.awaitReady(BOUND);
        cluster.awaitOneView(BOUND);
    }

    private void kill(KeycloakNode victim, KeycloakCluster cluster, OidcAnswer[] sessions) throws Exception {
        List<KeycloakNode> others =
                cluster.nodes().stream().filter(node -> node != victim).toList();
        List<Integer> before = others.stream().map(node -> views(node).size()).toList();
        boolean coordinated = others.get(0).view().map(ClusterView::coordinator).equals(localName(victim));

        LocalDateTime killed = LocalDateTime.now(ZoneId.systemDefault());
        ProcessHandle java = victim.javaPid().flatMap(ProcessHandle::of).orElseThrow();
        java.destroyForcibly();
        victim.kill();

        cluster.awaitOneView(BOUND);
        for (int i = 0; i < others.size(); i++) {
            List<ViewChange> views = views(others.get(i));
            List<ViewChange> since = views.subList(before.get(i), views.size());
            assertThat(since)
                    .as("views of %s", others.get(i).name())
                    .extracting(change -> change.view().size())
                    .containsExactly(others.size());
            System.out.printf(
                    "MigrationKillTest: %s on %s without the %s on %s after %d ms%n",
                    others.get(i).name(),
                    others.get(i).config().stack(),
                    coordinated ? "coordinator" : "member",
                    victim.config().stack(),
                    Duration.between(killed, since.get(0).time()).toMillis());
        }
        Arrays.setAll(sessions, i -> users.refresh(others.get(i % others.size()), sessions[i]));
    }

    private static List<ViewChange> views(KeycloakNode node) {
        return ClusterLog.viewChanges(node.log().lines());
    }

    private static Optional<String> localName(KeycloakNode node) {
        return ClusterLog.localName(node.log().lines());
    }
}
