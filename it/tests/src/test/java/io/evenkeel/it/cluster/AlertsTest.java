package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.Http;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.TestCa;
import io.evenkeel.it.product.StampedJar;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Alerts that fire on real nodes for the fault that each is for; {@code MonitoringTest} has those of an outage and of a
 * death.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class AlertsTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String PASSWORD = "secret-of-the-store";
    private static final String CLEAR = "--cache-embedded-mtls-enabled=false";

    @TempDir
    private Path files;

    @BeforeEach
    void needsPrometheus() {
        assumeTrue(PrometheusServer.isInstalled(), "prometheus and promtool are not installed");
    }

    @Test
    void eachFiresForItsFault() throws Exception {
        TestCa keys = new TestCa(Files.createDirectory(files.resolve("keys")), PASSWORD, new SecureRandom());
        // They end within a day.
        Path keyStore = keys.keyStore("keys.p12", "PKCS12", "CN=member");
        keys.trustStore("trust.p12", "PKCS12");
        Database database = KEYCLOAK.database("alerts");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("cluster");
                KeycloakCluster clear = KEYCLOAK.cluster("clear");
                KeycloakCluster stock = KEYCLOAK.cluster("stock", HomeSpec.STOCK)) {
            KEYCLOAK.add(cluster, "node-1", database, config -> KeyStoreOptions.with(config, keys, "p12", PASSWORD));
            replaceJar(KEYCLOAK.add(
                    cluster, "node-2", database, config -> KeyStoreOptions.with(config, keys, "p12", PASSWORD)));
            KEYCLOAK.add(clear, "apart", database, config -> config.withOption(CLEAR)
                    .withOption("--spi-cache-embedded--default--cluster-name=apart"));
            KEYCLOAK.add(
                    stock, "stock", database, config -> config.withOption(CLEAR).withStack("jdbc-ping"));
            cluster.start();
            try (PrometheusServer prometheus = watch(cluster, clear, stock)) {
                fires(
                        prometheus,
                        "EvenkeelCertificateExpires",
                        "EvenkeelCertificateExpiresNow",
                        "EvenkeelVersionsMixed");
                assertThat(prometheus.firing()).as("with no other fault").hasSize(3);

                byte[] good = Files.readAllBytes(keyStore);
                Files.write(keyStore, Arrays.copyOf(good, good.length / 2));
                fires(prometheus, "EvenkeelReloadFailed");

                KeyManager stranger = Stranger.keysOfAnotherAuthority();
                int port = cluster.node(0).config().ports().jgroups();
                await("EvenkeelPeersRefused").atMost(BOUND).until(() -> {
                    Stranger.isTurnedDownWithTls(port, stranger);
                    return prometheus.firing().contains("EvenkeelPeersRefused");
                });
                assertThat(prometheus.firing())
                        .doesNotContain("EvenkeelClearText", "EvenkeelClusterSplit", "EvenkeelStockMembers");

                clear.start();
                fires(prometheus, "EvenkeelClearText", "EvenkeelClusterSplit");
                assertThat(prometheus.firing()).doesNotContain("EvenkeelStockMembers");

                stock.start();
                fires(prometheus, "EvenkeelStockMembers");
            }
        }
    }

    /** A node stopped by a signal stays in the view, as FD_ALL3 is patient here: to be lost is another fault. */
    @Test
    void aNodeThatStandsStillIsASlowPeerAndARollingRestartIsNoFault() throws Exception {
        HomeSpec home = homeWithStack(
                """
                <TCP_NETTY max_queued_bytes="65536" send_buf_size="16k" recv_buf_size="16k"/>
                <FD_ALL3 timeout="600000" interval="8000"/>
                """);
        try (KeycloakCluster cluster = KEYCLOAK.twoNodes("slow", home, AlertsTest::withOwnStack)) {
            cluster.start();
            try (PrometheusServer prometheus = watch(cluster)) {
                await().atMost(BOUND).until(() -> prometheus.query("vendor_cluster_size == 2") == 2);
                for (KeycloakNode node : cluster.nodes()) {
                    assertThat(MonitoringTest.firedInARestart(prometheus, node))
                            .as("alerts in the restart of " + node.name())
                            .isEmpty();
                }

                KeycloakNode other = cluster.node(0);
                assertThat(other.log().ofLevel("ERROR"))
                        .as("what it says while another one leaves and comes")
                        .isEmpty();

                KeycloakNode still = cluster.node(1);
                ProcessHandle process =
                        ProcessHandle.of(still.javaPid().orElseThrow()).orElseThrow();
                Freeze freeze = Freeze.of(process);
                try {
                    beginLogins(other);
                    fires(prometheus, "EvenkeelSlowPeer");
                    assertThat(prometheus.firing()).as("with no other fault").hasSize(1);
                } finally {
                    freeze.close();
                }

                UserSessions users = new UserSessions(KEYCLOAK.admin());
                users.refresh(still, users.logIn(other));
                assertThat(cluster.inOneView()).isTrue();
            }
        }
    }

    @Test
    void stateThatAProtocolAboveStateFcEncryptsIsNotPaced() throws Exception {
        HomeSpec home = homeWithStack(
                """
                <SYM_ENCRYPT stack.combine="INSERT_ABOVE" stack.position="STATE_FC"
                    keystore_name="%s" keystore_type="PKCS12" store_password="${env.STORE_PASSWORD}" alias="cluster"/>
                """
                        .formatted(secretKey()));
        try (KeycloakCluster cluster = KEYCLOAK.twoNodes(
                "hidden", home, config -> withOwnStack(config).withEnvironment("STORE_PASSWORD", PASSWORD))) {
            KeycloakNode donor = cluster.node(0);
            KeycloakNode joiner = cluster.node(1);
            donor.start();
            donor.awaitReady(BOUND);
            try (PrometheusServer prometheus = watch(cluster)) {
                UserSessions users = new UserSessions(KEYCLOAK.admin());
                for (int i = 0; i < 20; i++) {
                    users.logIn(donor);
                }
                joiner.start();
                joiner.awaitReady(BOUND);
                fires(prometheus, "EvenkeelStateNotPaced");
                assertThat(prometheus.firing()).as("with no other fault").hasSize(1);
                assertThat(joiner.log().find(Pattern.compile("WARN .*EVK0301: .* the state of the cache \\S+ came")))
                        .isPresent();
            }
        }
    }

    private PrometheusServer watch(KeycloakCluster... clusters) throws IOException {
        List<Integer> targets = Arrays.stream(clusters)
                .flatMap(cluster -> cluster.nodes().stream())
                .map(node -> node.config().ports().management())
                .toList();
        return PrometheusServer.start(
                files, KEYCLOAK.sandbox().ports().free(), "keycloak", targets, MonitoringTest.alertsInSeconds());
    }

    private static void fires(PrometheusServer prometheus, String... names) {
        await(String.join(" ", names))
                .atMost(BOUND)
                .until(() -> prometheus.firing().containsAll(Set.of(names)));
    }

    private HomeSpec homeWithStack(String protocols) throws IOException {
        Path file = Files.writeString(
                files.resolve("mine.xml"),
                CacheConfigXml.selecting(
                        "mine", "<stack name=\"mine\" extends=\"evenkeel-jdbc\">" + protocols + "</stack>"));
        return KEYCLOAK.home().withConf("mine.xml", file);
    }

    private static NodeConfig withOwnStack(NodeConfig config) {
        return config.withStack(null).withOption("--cache-config-file=mine.xml");
    }

    /**
     * Users who come to the login page, each with 7 kB that both nodes keep until the password is given. None waits for
     * an answer.
     */
    private static void beginLogins(KeycloakNode node) {
        Http http = new Http(BOUND);
        String form = "client_id=account-console&response_type=code&scope=openid"
                + "&redirect_uri=http%3A%2F%2Fkeycloak.example%2Frealms%2Fmaster%2Faccount%2F"
                + "&code_challenge_method=S256&code_challenge=" + "c".repeat(43) + "&state=" + "s".repeat(3_500)
                + "&nonce=" + "n".repeat(3_500);
        for (int i = 0; i < 50; i++) {
            http.sendLater(http.request(node.url("/realms/master/protocol/openid-connect/auth"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form)));
        }
    }

    private Path secretKey() throws Exception {
        byte[] key = new byte[16];
        new SecureRandom().nextBytes(key);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setEntry(
                "cluster",
                new KeyStore.SecretKeyEntry(new SecretKeySpec(key, "AES")),
                new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
        Path file = files.resolve("secret.p12");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    /** A build with another version in it, in the place of the one that the home was built with. */
    private void replaceJar(KeycloakNode node) throws Exception {
        Path product = KEYCLOAK.sandbox().productJar();
        Path provider = node.home().providers().resolve(product.getFileName());
        Path stamped = StampedJar.later(product, files);
        // Keycloak refuses a jar that is newer than its build.
        FileTime time = Files.getLastModifiedTime(provider);
        Files.copy(stamped, provider, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(provider, time);
    }
}
