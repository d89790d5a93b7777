package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.member.LeaseRows;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which Keycloak lets a user choose and tune the cache stack: each does on ours what Keycloak documents.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeycloakOptionsTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    /** Long enough for Bouncy Castle FIPS in its approved mode. */
    private static final String PASSWORD = "secret-of-the-store";

    @TempDir
    private Path files;

    @Test
    void theEnvironmentNamesTheStackFilesHoldTheKeysAndOptionsTuneStateTransfer() throws Exception {
        TestCa keys = new TestCa(files, PASSWORD, new SecureRandom());
        Path keyStore = keys.keyStore("keys.p12", "PKCS12", "CN=member");
        Path trustStore = keys.trustStore("trust.p12", "PKCS12");
        UnaryOperator<NodeConfig> change = config -> config.withStack(null)
                .withEnvironment("KC_CACHE_STACK", "evenkeel-jdbc")
                .withEnvironment("KC_CACHE_EMBEDDED_MTLS_KEY_STORE_PASSWORD", PASSWORD)
                .withEnvironment("KC_CACHE_EMBEDDED_MTLS_TRUST_STORE_PASSWORD", PASSWORD)
                .withOption("--cache-embedded-mtls-key-store-file=" + keyStore)
                .withOption("--cache-embedded-mtls-trust-store-file=" + trustStore)
                .withOption("--spi-cache-embedded--default--site-name=site-a")
                .withOption("--spi-cache-embedded--default--state-fc-floor=20k")
                .withOption("--spi-cache-embedded--default--state-fc-cap=20k")
                .withOption("--spi-cache-embedded--default--state-chunk-size=32");
        try (KeycloakCluster cluster = KEYCLOAK.twoNodes("environment", KEYCLOAK.home(), change)) {
            cluster.start();

            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log().find(Pattern.compile("ISPN000078.*`evenkeel-jdbc`")))
                        .isPresent();
                assertThat(node.log().find(Pattern.compile("Node name: " + node.name() + ", Site name: site-a")))
                        .isPresent();
                assertThat(node.log().find(Pattern.compile(PASSWORD))).isEmpty();
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                // With the floor at the cap, the window has no other size.
                RealKeycloak.awaitMetric(node, "_state_fc_get_largest_window_bytes", value -> value == 20_000);
            }
            // The file's key, not Keycloak's automatic one.
            assertThat(Stranger.subjectShownBy(cluster.node(0))).isEqualTo("CN=member");
            replaceUnderRunningNodes(keys, keyStore, cluster);
        }
    }

    /** As Keycloak's own reload does not survive: a half-written file, then a good one. */
    private static void replaceUnderRunningNodes(TestCa keys, Path keyStore, KeycloakCluster cluster) throws Exception {
        byte[] good = Files.readAllBytes(keyStore);
        Files.write(keyStore, Arrays.copyOf(good, good.length / 2));
        Pattern refused =
                Pattern.compile("WARN .*TCP_NETTY.* changed keys or trust are not used, the last good ones stay:"
                        + " key store \\S+keys\\.p12 \\(--cache-embedded-mtls-key-store-file .*; write it anew");
        for (KeycloakNode node : cluster.nodes()) {
            assertThat(node.log().await(refused, BOUND)).isPresent();
            assertThat(Stranger.subjectShownBy(node)).isEqualTo("CN=member");
        }
        keys.keyStore("keys.p12", "PKCS12", "CN=renewed");
        for (KeycloakNode node : cluster.nodes()) {
            await().atMost(BOUND).ignoreExceptions().until(() -> Stranger.subjectShownBy(node)
                    .equals("CN=renewed"));
            assertThat(node.log().lines().stream()
                            .filter(line -> refused.matcher(line).find()))
                    .hasSize(1);
            assertThat(node.log().find(Pattern.compile("FileWatcher"))).isEmpty();
            assertThat(node.log().find(Pattern.compile(PASSWORD))).isEmpty();
        }
        assertThat(cluster.inOneView()).isTrue();
    }

    @Test
    void aStackThatExtendsOursIsGivenTheDatabaseAndTheCertificates() throws Exception {
        HomeSpec home = KEYCLOAK.home()
                .withConf(
                        "mine.xml",
                        write(
                                "mine.xml",
                                CacheConfigXml.selecting(
                                        "mine",
                                        """
                                        <stack name="mine" extends="evenkeel-jdbc">
                                          <FD_ALL3 timeout="12000" interval="3000"/>
                                        </stack>
                                        """)));
        UnaryOperator<NodeConfig> change = config -> config.withStack(null).withOption("--cache-config-file=mine.xml");
        try (KeycloakCluster cluster = KEYCLOAK.twoNodes("extended", home, change)) {
            cluster.start();

            assertThat(KEYCLOAK.leases("extended").members()).containsExactly("node-1", "node-2");
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
        HomeSpec home = KEYCLOAK.home()
                .withConf(
                        "file.xml",
                        write(
                                "file.xml",
                                CacheConfigXml.selecting(
                                        "from-file",
                                        "<stack-file name=\"from-file\" path=\"evenkeel/evenkeel-jdbc.xml\"/>")));
        Database database = KEYCLOAK.emptyDatabase("stackfile");
        KEYCLOAK.sql("stackfile", "CREATE SCHEMA kc AUTHORIZATION stackfile");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("stackfile", home)) {
            KeycloakNode node = KEYCLOAK.add(cluster, "node-1", database, config -> config.withStack(null)
                    .withOption("--cache-config-file=file.xml")
                    .withOption("--db-schema=kc"));
            cluster.start();

            assertThat(new LeaseRows(KEYCLOAK.postgres(), "stackfile", "kc.evenkeel_lease").members())
                    .containsExactly("node-1");
            assertThat(node.log().find(Pattern.compile("ISPN000078.*`from-file`")))
                    .isPresent();
        }
    }

    @Test
    void anUnknownStackEndsWithInfinispansOwnError() throws Exception {
        try (KeycloakCluster cluster = KEYCLOAK.cluster("unknown")) {
            KeycloakNode node = KEYCLOAK.add(
                    cluster, "node-1", KEYCLOAK.database("unknown"), config -> config.withStack("evenkeel-nope"));
            node.start();

            assertThatThrownBy(() -> node.awaitReady(BOUND)).isInstanceOf(RunException.class);
            assertThat(node.log().find(Pattern.compile("ISPN000540.*evenkeel-nope")))
                    .isPresent();
        }
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(files.resolve(name), content);
    }
}
