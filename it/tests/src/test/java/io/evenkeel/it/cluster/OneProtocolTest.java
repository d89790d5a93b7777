package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.TestCa;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each protocol alone in a stack that is not ours, on two real Keycloak nodes, by the very texts of
 * {@code docs/operate/one-protocol-at-a-time.md}. All share one database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneProtocolTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String PASSWORD = "secret-of-the-cluster";

    private final SecureRandom random = new SecureRandom();
    private final int multicastPort = 20_000 + random.nextInt(10_000);

    private Path files;
    private Map<String, Path> configurations;
    private Database database;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        files = directory;
        configurations = OneProtocolPage.writeFilesInto(files);
        TestCa ca = new TestCa(files, PASSWORD, random);
        ca.keyStore("node.p12", "PKCS12", "CN=member");
        ca.trustStore("trust.p12", "PKCS12");
        database = KEYCLOAK.database("oneprotocol");
    }

    @Test
    void stateFcOnJdbcPingKeepsKeycloaksDiscoveryAddressesCertificatesAndHealthCheck() throws Exception {
        try (KeycloakCluster cluster = start("state-fc-on-jdbc-ping.xml", UnaryOperator.identity())) {
            for (KeycloakNode node : cluster.nodes()) {
                assertLogged(node, "JGroups JDBC_PING discovery enabled");
                assertLogged(node, "JGroups Encryption enabled \\(mTLS\\)");
                assertHasClusterHealthCheck(node);
                assertHasStateFc(node);
            }
            assertThat(rowsOfJdbcPing("state-fc-on-jdbc-ping")).containsExactly("node-1", "node-2");
            // No TLS, no answer: the port speaks it, with Keycloak's certificate.
            assertThat(Stranger.subjectShownBy(cluster.node(0))).contains("jgroups");
        }
    }

    @Test
    void stateFcOnTcp() throws Exception {
        try (KeycloakCluster cluster = start("state-fc-on-tcp.xml", this::withOwnMulticastPort)) {
            cluster.nodes().forEach(OneProtocolTest::assertHasStateFc);
        }
    }

    @Test
    void tcpNettyOnJdbcPingIsGivenKeycloaksCertificates() throws Exception {
        try (KeycloakCluster cluster = start("tcp-netty-on-jdbc-ping.xml", UnaryOperator.identity())) {
            for (KeycloakNode node : cluster.nodes()) {
                assertListensOn(node);
                assertLogged(node, "TLSv1\\.3");
                assertHasClusterHealthCheck(node);
            }
            assertThat(rowsOfJdbcPing("tcp-netty-on-jdbc-ping")).containsExactly("node-1", "node-2");
        }
    }

    @Test
    void tcpNettyOnTcpTakesItsKeyStores() throws Exception {
        UnaryOperator<NodeConfig> change = config -> inClear(withKeys(withOwnMulticastPort(config)));
        try (KeycloakCluster cluster = start("tcp-netty-on-tcp.xml", change)) {
            for (KeycloakNode node : cluster.nodes()) {
                assertListensOn(node);
                assertLogged(node, "TLSv1\\.3");
                assertThat(node.log().find(Pattern.compile(PASSWORD))).isEmpty();
            }
            assertThat(Stranger.subjectShownBy(cluster.node(0))).isEqualTo("CN=member");
        }
    }

    @Test
    void jdbcPingLeaseOnTcp() throws Exception {
        try (KeycloakCluster cluster = start("jdbc-ping-lease-on-tcp.xml", UnaryOperator.identity())) {
            assertThat(KEYCLOAK.leases("oneprotocol").membersOf("jdbc-ping-lease-on-tcp"))
                    .containsExactly("node-1", "node-2");
            for (KeycloakNode node : cluster.nodes()) {
                assertLogged(node, "JGroups Encryption enabled \\(mTLS\\)");
                assertHasClusterHealthCheck(node);
            }
        }
    }

    @Test
    void asymEncryptInAChildOfEvenkeelJdbc() throws Exception {
        UnaryOperator<NodeConfig> change = config -> inClear(withKeys(config))
                .withOption("--spi-cache-embedded--default--state-fc-floor=20k")
                .withOption("--spi-cache-embedded--default--state-fc-cap=20k");
        try (KeycloakCluster cluster = start("asym-encrypt-on-evenkeel-jdbc.xml", change)) {
            assertThat(KEYCLOAK.leases("oneprotocol").membersOf("asym-encrypt-on-evenkeel-jdbc"))
                    .containsExactly("node-1", "node-2");
            for (KeycloakNode node : cluster.nodes()) {
                assertListensOn(node);
                assertHasClusterHealthCheck(node);
                assertThat(RealKeycloak.metric(node, "_state_fc_get_largest_window_bytes"))
                        .isEqualTo(20_000);
                assertThat(node.log().find(Pattern.compile(PASSWORD))).isEmpty();
            }
        }
    }

    private KeycloakCluster start(String file, UnaryOperator<NodeConfig> change) throws Exception {
        return start(file, change, KEYCLOAK.ports(), KEYCLOAK.ports());
    }

    /**
     * Two nodes, ready and in one view; the cluster is named after the file, so that rows of others are none of its
     * own.
     */
    private KeycloakCluster start(String file, UnaryOperator<NodeConfig> change, NodePorts... ports) throws Exception {
        assertThat(configurations).containsKey(file);
        HomeSpec home = KEYCLOAK.home().withConf(file, configurations.get(file));
        String clusterName = file.replace(".xml", "");
        KeycloakCluster cluster = KEYCLOAK.cluster(clusterName, home);
        try {
            for (int i = 0; i < ports.length; i++) {
                KEYCLOAK.add(
                        cluster,
                        "node-" + (i + 1),
                        ports[i],
                        database,
                        config -> change.apply(config.withStack(null)
                                .withOption("--cache-config-file=" + file)
                                .withOption("--spi-cache-embedded--default--cluster-name=" + clusterName)));
            }
            cluster.start();
            for (KeycloakNode node : cluster.nodes()) {
                assertLogged(node, "ISPN000078.*`mine`");
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private static NodeConfig inClear(NodeConfig config) {
        return config.withOption("--cache-embedded-mtls-enabled=false");
    }

    /** Away from the group of another cluster on this network. */
    private NodeConfig withOwnMulticastPort(NodeConfig config) {
        return config.withJvmOption("-Djgroups.mcast_port=" + multicastPort);
    }

    private NodeConfig withKeys(NodeConfig config) {
        return config.withEnvironment("CLUSTER_KEYS", files.toString()).withEnvironment("CLUSTER_PASSWORD", PASSWORD);
    }

    private List<String> rowsOfJdbcPing(String clusterName) throws Exception {
        try (var connection = KEYCLOAK.postgres().connect("oneprotocol");
                var query = connection.prepareStatement(
                        "SELECT name FROM jgroups_ping WHERE cluster_name = ? ORDER BY name")) {
            query.setString(1, clusterName);
            try (var rows = query.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        }
    }

    private static void assertLogged(KeycloakNode node, String pattern) {
        assertThat(node.log().find(Pattern.compile(pattern)))
                .as("%s in the log of %s", pattern, node.name())
                .isPresent();
    }

    private static void assertListensOn(KeycloakNode node) {
        assertLogged(
                node, "listening on 127\\.0\\.0\\.1:" + node.config().ports().jgroups());
    }

    private static void assertHasStateFc(KeycloakNode node) {
        assertThat(node.metrics()).contains("vendor_jgroups_state_fc_");
    }

    private static void assertHasClusterHealthCheck(KeycloakNode node) {
        assertThat(node.log().find(Pattern.compile("Unable to check cluster health")))
                .isEmpty();
    }
}
