package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.ClusterView;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakDistribution;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * THE jar on other versions of Keycloak than the one it is built for, which the other tests here run on, and on the
 * JGroups of the next one; and its refusal of versions that are not supported.
 */
@EnabledIfSystemProperty(
        named = "evenkeel.matrix",
        matches = "true",
        disabledReason = "takes other versions of Keycloak from Maven Central; -Devenkeel.matrix=true runs it")
class VersionMatrixTest {
    private static final Path ROOT = Path.of(System.getProperty("evenkeel.root"));
    private static final String KEYCLOAK = System.getProperty("keycloak.version");
    private static final String ALLOW = "-Devenkeel.allow_unsupported_versions=true";

    private final OidcClient users = OidcClient.ofAdministrators();

    @TempDir
    private Path files;

    @ParameterizedTest
    @ValueSource(strings = "26.7.0")
    void aSupportedKeycloakLives(String version) throws Exception {
        try (Sandbox sandbox = Sandbox.open(ROOT, version, Progress.SILENT)) {
            twoNodesLive(new KeycloakSandbox(sandbox), "on Keycloak " + version + ", ");
        }
    }

    @Test
    void keycloakWithTheNextJGroupsLives() throws Exception {
        Path next = Path.of(System.getProperty("evenkeel.next.jgroups"));
        KeycloakDistribution distribution = KeycloakDistribution.obtain(
                        KEYCLOAK, ROOT, Caches.ofUser(), Progress.SILENT)
                .withLibrary("org.jgroups.jgroups-", next, files.resolve("keycloak"));
        String jgroups = next.getFileName().toString().replaceAll("jgroups-(.*)\\.jar", "$1");
        try (Sandbox sandbox = Sandbox.open(ROOT, distribution, Progress.SILENT)) {
            twoNodesLive(new KeycloakSandbox(sandbox), "JGroups " + jgroups);
        }
    }

    /** Start, mTLS on the wire, a session that moves, kill -9. */
    private void twoNodesLive(KeycloakSandbox keycloak, String installed) throws Exception {
        Database database = keycloak.database("matrix");
        NodePorts ports = keycloak.ports();
        try (RecordingProxy proxy = RecordingProxy.to(ports.jgroups());
                KeycloakCluster cluster = keycloak.cluster("matrix")) {
            KeycloakNode node1 = keycloak.add(cluster, "node-1", ports, database, config -> config.withOption(
                            "--cache-embedded-network-external-address=127.0.0.1")
                    .withOption("--cache-embedded-network-external-port=" + proxy.port()));
            KeycloakNode node2 = keycloak.add(cluster, "node-2", database);
            cluster.start();

            assertThat(node1.log().find(Pattern.compile("Evenkeel \\S+ \\(commit .*\\) on .*")))
                    .hasValueSatisfying(line -> assertThat(line).contains(installed));
            assertThat(node1.log().find(Pattern.compile("TLSv1\\.3"))).isPresent();
            OidcAnswer login = users.logIn(node1, keycloak.admin());
            assertThat(login.status()).as(login.body()).isEqualTo(200);
            OidcAnswer refresh = users.refresh(node2, login.refreshToken());
            assertThat(refresh.status()).as(refresh.body()).isEqualTo(200);
            assertThat(proxy.recordedBytes()).isGreaterThan(10_000);
            assertThat(proxy.saw(keycloak.admin().user())).isFalse();
            assertThat(RealKeycloak.metric(node1, "_tcp_netty_get_open_connections"))
                    .isPositive();

            node2.kill();
            await().atMost(BOUND)
                    .until(() -> node1.view().map(ClusterView::size).orElse(0) == 1);
            OidcAnswer alone = users.refresh(node1, refresh.refreshToken());
            assertThat(alone.status()).as(alone.body()).isEqualTo(200);
            assertThat(RealKeycloak.ourErrors(node1)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"26.5.6", "26.4.7", "26.0.8"})
    void theBuildOfAnUnsupportedKeycloakIsRefusedInOneLine(String version) throws Exception {
        try (Sandbox sandbox = Sandbox.open(ROOT, version, Progress.SILENT);
                KeycloakCluster cluster = sandbox.newCluster("old", HomeSpec.STOCK)) {
            KeycloakNode node = withTheJar(sandbox, cluster, null);

            KcScript build = KcScript.run(node.home().dir(), "", "build", "--db=postgres");

            assertThat(build.status()).isNotZero();
            assertThat(build.lines("does not support Keycloak " + version))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("it supports Keycloak from", "install one of these"));
        }
    }

    /**
     * A build that did not look, as of an older jar: its provider factories are in it, and the new jar's classes run.
     */
    @Test
    void theStartOnAnUnsupportedKeycloakIsRefusedBeforeTheDatabaseIsTouched() throws Exception {
        try (Sandbox sandbox = Sandbox.open(ROOT, "26.5.6", Progress.SILENT);
                KeycloakCluster cluster = sandbox.newCluster("old", HomeSpec.STOCK)) {
            Database database = sandbox.postgres().createDatabase("old");
            KeycloakNode node = withTheJar(sandbox, cluster, database);
            KcScript build = KcScript.run(
                    node.home().dir(),
                    ALLOW,
                    "build",
                    "--db=postgres",
                    "--health-enabled=true",
                    "--metrics-enabled=true");
            assertThat(build.status()).as("%s", build.output()).isZero();

            node.start();
            assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);

            assertThat(node.log().lines())
                    .filteredOn(line -> line.contains("does not support Keycloak 26.5.6"))
                    .hasSize(1);
            try (Connection connection = sandbox.postgres().connect("old");
                    ResultSet tables =
                            connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
                assertThat(tables.next()).isFalse();
            }
        }
    }

    /** A node in whose providers/ the jar lies, after a build without it. */
    private KeycloakNode withTheJar(Sandbox sandbox, KeycloakCluster cluster, Database database) throws Exception {
        KeycloakNode node = new KeycloakSandbox(sandbox).add(cluster, "node-1", database);
        Files.copy(
                sandbox.productJar(),
                node.home().providers().resolve(sandbox.productJar().getFileName()));
        return node;
    }
}
