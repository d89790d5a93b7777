package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alerts of docs/, in a real Prometheus that scrapes real nodes. */
class MonitoringTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final Path DOCS = Path.of(System.getProperty("evenkeel.root"), "docs");
    private static final Path ALERTS = DOCS.resolve("prometheus/evenkeel-alerts.yml");
    private static final String JOB = "keycloak";

    @TempDir
    private Path folder;

    /** The file of tests beside the alerts says which fault makes each fire, and that a rolling restart makes none. */
    @Test
    void promtoolIsContentWithTheAlertsAndTheirTests() throws Exception {
        assumeTrue(PrometheusServer.isInstalled(), "prometheus and promtool are not installed");

        assertThat(promtool("check", "rules", ALERTS.toString())).contains("SUCCESS: 12 rules found");
        assertThat(promtool(
                        "test",
                        "rules",
                        DOCS.resolve("prometheus/evenkeel-alerts.test.yml").toString()))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }

    @Test
    void everyPanelHasDataAndTheAlertsTellAnOutageFromARestart() throws Exception {
        assumeTrue(PrometheusServer.isInstalled(), "prometheus and promtool are not installed");
        try (KeycloakCluster cluster = KEYCLOAK.twoNodes("monitoring", KEYCLOAK.home(), UnaryOperator.identity())) {
            cluster.start();
            List<Integer> targets = cluster.nodes().stream()
                    .map(node -> node.config().ports().management())
                    .toList();
            try (PrometheusServer prometheus = PrometheusServer.start(
                    folder, KEYCLOAK.sandbox().ports().free(), JOB, targets, alertsInSeconds())) {
                for (String query : panels()) {
                    await(query).atMost(BOUND).until(() -> prometheus.query(query) > 0);
                }

                KeycloakNode restarted = cluster.node(1);
                assertThat(firedInARestart(prometheus, restarted))
                        .as("alerts in a restart")
                        .isEmpty();

                KEYCLOAK.postgres().stop();
                await().atMost(BOUND).until(() -> prometheus.firing().contains("EvenkeelDatabaseUnreachable"));
                KEYCLOAK.postgres().start();
                await().atMost(BOUND).until(() -> prometheus.firing().isEmpty());

                restarted.kill();
                await().atMost(BOUND).until(() -> prometheus.firing().contains("EvenkeelMemberLost"));
            }
        }
    }

    /** The alerts of the restart of one of two nodes, until Prometheus sees both in one cluster again. */
    static Set<String> firedInARestart(PrometheusServer prometheus, KeycloakNode node) {
        Set<String> fired = new TreeSet<>();
        node.stop();
        node.start();
        await().atMost(BOUND).until(() -> {
            fired.addAll(prometheus.firing());
            return node.isReady() && prometheus.query("vendor_cluster_size == 2") == 2;
        });
        return fired;
    }

    /** The same alerts with minutes and hours of waiting turned into seconds, so that a test sees them. */
    static String alertsInSeconds() throws IOException {
        return Files.readString(ALERTS).replaceAll("for: (\\d+)[mh]", "for: $15s");
    }

    private static List<String> panels() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(DOCS.resolve("grafana/evenkeel.json").toFile());
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.path("expr").asText().replace("$job", JOB).replace("$__rate_interval", "10s"));
            }
        }
        assertThat(queries).hasSizeGreaterThan(20);
        return queries;
    }

    private String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("promtool.log");
        try (ChildProcess child = ChildProcess.start(command, folder, System.getenv(), log)) {
            assertThat(child.waitFor(BOUND)).as(() -> String.join(" ", command)).contains(0);
        }
        return Files.readString(log);
    }
}
