package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which Keycloak lets a user choose and tune the cache stack: each does on ours what Keycloak documents.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeycloakOptionsTest {

    private final Credentials admin = RealKeycloak.markedAdmin();

    @TempDir
    private Path files;

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
    void theEnvironmentNamesTheStackFilesHoldTheKeysAndOptionsTuneStateTransfer() throws Exception {
        KeyFiles keys = new KeyFiles(files);
        Path keyStore = keys.keyStore("keys.p12", "PKCS12", "CN=member");
        Path trustStore = keys.trustStore("trust.p12", "PKCS12");
        UnaryOperator<NodeConfig> change = config -> config.withStack(null)
                .withEnvironment("KC_CACHE_STACK", "evenkeel-jdbc")
                .withEnvironment("KC_CACHE_EMBEDDED_MTLS_KEY_STORE_PASSWORD", KeyFiles.PASSWORD)
                .withEnvironment("KC_CACHE_EMBEDDED_MTLS_TRUST_STORE_PASSWORD", KeyFiles.PASSWORD)
                .withOption("--cache-embedded-mtls-key-store-file=" + keyStore)
                .withOption("--cache-embedded-mtls-trust-store-file=" + trustStore)
                .withOption("--spi-cache-embedded--default--site-name=site-a")
                .withOption("--spi-cache-embedded--default--state-fc-floor=20k")
                .withOption("--spi-cache-embedded--default--state-fc-cap=20k")
                .withOption("--spi-cache-embedded--default--state-chunk-size=32");
        try (KeycloakCluster cluster = twoNodes("environment", RealKeycloak.home(sandbox), change)) {
            cluster.start();

            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log().find(Pattern.compile("ISPN000078.*`evenkeel-jdbc`")))
                        .isPresent();
                assertThat(node.log().find(Pattern.compile("Node name: " + node.name() + ", Site name: site-a")))
                        .isPresent();
                assertThat(node.log().find(Pattern.compile(KeyFiles.PASSWORD))).isEmpty();
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                // With the floor at the cap, the window has no other size.
                await().atMost(BOUND)
                        .until(() -> RealKeycloak.metric(node, "_state_fc_get_largest_window_bytes") == 20_000);
            }
            // The file's key, not Keycloak's automatic one.
            assertThat(subjectShownBy(cluster.node(0))).isEqualTo("CN=member");
            replaceUnderRunningNodes(keys, keyStore, cluster);
        }
    }

    /** As Keycloak's own reload does not survive: a half-written file, then a good one. */
    private static void replaceUnderRunningNodes(KeyFiles keys, Path keyStore, KeycloakCluster cluster)
            throws Exception {
        byte[] good = Files.readAllBytes(keyStore);
        Files.write(keyStore, Arrays.copyOf(good, good.length / 2));
        Pattern refused =
                Pattern.compile("WARN .*TCP_NETTY.* changed keys or trust are not used, the last good ones stay:"
                        + " key store \\S+keys\\.p12 \\(--cache-embedded-mtls-key-store-file .*; write it anew");
        for (KeycloakNode node : cluster.nodes()) {
            assertThat(node.log().await(refused, BOUND)).isPresent();
            assertThat(subjectShownBy(node)).isEqualTo("CN=member");
        }
        keys.keyStore("keys.p12", "PKCS12", "CN=renewed");
        for (KeycloakNode node : cluster.nodes()) {
            await().atMost(BOUND).ignoreExceptions().until(() -> subjectShownBy(node)
                    .equals("CN=renewed"));
            assertThat(node.log().lines().stream()
                            .filter(line -> refused.matcher(line).find()))
                    .hasSize(1);
            assertThat(node.log().find(Pattern.compile("FileWatcher"))).isEmpty();
            assertThat(node.log().find(Pattern.compile(KeyFiles.PASSWORD))).isEmpty();
        }
        assertThat(cluster.inOneView()).isTrue();
    }

    private static String subjectShownBy(KeycloakNode node) throws Exception {
        return Stranger.certificateShownBy(node.config().ports().jgroups())
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void aStackThatExtendsOursIsGivenTheDatabaseAndTheCertificates() throws Exception {
        HomeSpec home = RealKeycloak.home(sandbox)
                .withConf(
                        "mine.xml",
                        write(
                                "mine.xml",
                                """
                <infinispan xmlns="urn:infinispan:config:16.0">
                  <jgroups>
                    <stack name="mine" extends="evenkeel-jdbc">
                      <FD_ALL3 timeout="12000" interval="3000"/>
                    </stack>
                  </jgroups>
                  <cache-container name="keycloak">
                    <transport stack="mine" lock-timeout="60000"/>
                  </cache-container>
                </infinispan>
                """));
        UnaryOperator<NodeConfig> change = config -> config.withStack(null).withOption("--cache-config-file=mine.xml");
        try (KeycloakCluster cluster = twoNodes("extended", home, change)) {
            cluster.start();

            assertThat(new LeaseRows(sandbox.postgres(), "extended", "evenkeel_lease").members())
                    .containsExactly("node-1", "node-2");
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log().find(Pattern.compile("ISPN000078.*`mine`")))
                        .isPresent();
                assertThat(node.log().find(Pattern.compile("TLSv1\\.3"))).isPresent();
                assertThat(node.log().find(Pattern.compile("Unable to check cluster health")))
                        .isEmpty();
            }
        }
    }

    @Test
    void aStackFileOfTheJarIsGivenTheDatabaseAndTheCertificatesInAnotherSchema() throws Exception {
        HomeSpec home = RealKeycloak.home(sandbox)
                .withConf(
                        "file.xml",
                        write(
                                "file.xml",
                                """
                <infinispan xmlns="urn:infinispan:config:16.0">
                  <jgroups><stack-file name="from-file" path="evenkeel/evenkeel-jdbc.xml"/></jgroups>
                  <cache-container name="keycloak">
                    <transport stack="from-file" lock-timeout="60000"/>
                  </cache-container>
                </infinispan>
                """));
        Database database = sandbox.postgres().createDatabase("stackfile");
        createSchema("stackfile", "kc");
        try (KeycloakCluster cluster = sandbox.newCluster("stackfile", home)) {
            KeycloakNode node = RealKeycloak.add(
                    cluster, "node-1", sandbox.ports().freeForNode(), database, admin, config -> config.withStack(null)
                            .withOption("--cache-config-file=file.xml")
                            .withOption("--db-schema=kc"));
            cluster.start();

            assertThat(new LeaseRows(sandbox.postgres(), "stackfile", "kc.evenkeel_lease").members())
                    .containsExactly("node-1");
            assertThat(node.log().find(Pattern.compile("ISPN000078.*`from-file`")))
                    .isPresent();
        }
    }

    @Test
    void anUnknownStackEndsWithInfinispansOwnError() throws Exception {
        try (KeycloakCluster cluster = sandbox.newCluster("unknown", RealKeycloak.home(sandbox))) {
            KeycloakNode node = RealKeycloak.add(
                    cluster,
                    "node-1",
                    sandbox.ports().freeForNode(),
                    sandbox.postgres().createDatabase("unknown"),
                    admin,
                    config -> config.withStack("evenkeel-nope"));
            node.start();

            assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);
            assertThat(node.log().find(Pattern.compile("ISPN000540.*evenkeel-nope")))
                    .isPresent();
        }
    }

    private KeycloakCluster twoNodes(String name, HomeSpec home, UnaryOperator<NodeConfig> change) throws Exception {
        Database database = sandbox.postgres().createDatabase(name);
        KeycloakCluster cluster = sandbox.newCluster(name, home);
        for (String node : List.of("node-1", "node-2")) {
            NodePorts ports = sandbox.ports().freeForNode();
            RealKeycloak.add(cluster, node, ports, database, admin, change);
        }
        return cluster;
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(files.resolve(name), content);
    }

    private void createSchema(String database, String schema) throws SQLException {
        try (Connection connection = sandbox.postgres().connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema + " AUTHORIZATION " + database);
        }
    }
}
