package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.TestCa;
import io.evenkeel.it.product.StampedJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Alerts that fire on real nodes for the fault that each is for; {@code MonitoringTest} has those of an outage and of a
 * death. {@code EvenkeelSlowPeer} and {@code EvenkeelStateNotPaced} fire in promtool's tests alone: the one needs more
 * traffic than a test makes, the other a version of Infinispan that is refused.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class AlertsTest {
    private static final String PASSWORD = "secret-of-the-store";
    private static final String CLEAR = "--cache-embedded-mtls-enabled=false";

    private final Credentials admin = RealKeycloak.markedAdmin();

    @TempDir
    private Path files;

    private Sandbox sandbox;
    private Database database;
    private TestCa keys;
    private PrometheusServer prometheus;

    @Test
    void eachFiresForItsFault() throws Exception {
        assumeTrue(PrometheusServer.isInstalled(), "prometheus and promtool are not installed");
        keys = new TestCa(Files.createDirectory(files.resolve("keys")), PASSWORD, new SecureRandom());
        // They end within a day.
        Path keyStore = keys.keyStore("keys.p12", "PKCS12", "CN=member");
        keys.trustStore("trust.p12", "PKCS12");
        try (Sandbox opened = RealKeycloak.sandbox()) {
            sandbox = opened;
            database = sandbox.postgres().createDatabase("alerts");
            HomeSpec home = RealKeycloak.home(sandbox);
            try (KeycloakCluster cluster = sandbox.newCluster("cluster", home);
                    KeycloakCluster clear = sandbox.newCluster("clear", home);
                    KeycloakCluster stock = sandbox.newCluster("stock", HomeSpec.STOCK)) {
                add(cluster, "node-1", this::withKeyStores);
                KeycloakNode later = add(cluster, "node-2", this::withKeyStores);
                replaceJar(later);
                add(clear, "apart", config -> config.withOption(CLEAR)
                        .withOption("--spi-cache-embedded--default--cluster-name=apart"));
                add(stock, "stock", config -> config.withOption(CLEAR).withStack("jdbc-ping"));
                cluster.start();
                List<Integer> targets = new ArrayList<>();
                for (KeycloakCluster each : List.of(cluster, clear, stock)) {
                    each.nodes()
                            .forEach(node -> targets.add(node.config().ports().management()));
                }
                prometheus = PrometheusServer.start(
                        files, sandbox.ports().free(), "keycloak", targets, MonitoringTest.alertsInSeconds());
                try {
                    fires("EvenkeelCertificateExpires", "EvenkeelCertificateExpiresNow", "EvenkeelVersionsMixed");
                    assertThat(prometheus.firing()).as("with no other fault").hasSize(3);

                    byte[] good = Files.readAllBytes(keyStore);
                    Files.write(keyStore, Arrays.copyOf(good, good.length / 2));
                    fires("EvenkeelReloadFailed");

                    KeyManager stranger = Stranger.keysOfAnotherAuthority();
                    int port = cluster.node(0).config().ports().jgroups();
                    await("EvenkeelPeersRefused").atMost(BOUND).until(() -> {
                        Stranger.isTurnedDownWithTls(port, stranger);
                        return prometheus.firing().contains("EvenkeelPeersRefused");
                    });
                    assertThat(prometheus.firing())
                            .doesNotContain("EvenkeelClearText", "EvenkeelClusterSplit", "EvenkeelStockMembers");

                    clear.start();
                    fires("EvenkeelClearText", "EvenkeelClusterSplit");
                    assertThat(prometheus.firing()).doesNotContain("EvenkeelStockMembers");

                    stock.start();
                    fires("EvenkeelStockMembers");
                } finally {
                    prometheus.close();
                }
            }
        }
    }

    private void fires(String... names) {
        await(String.join(" ", names))
                .atMost(BOUND)
                .until(() -> prometheus.firing().containsAll(Set.of(names)));
    }

    private KeycloakNode add(KeycloakCluster cluster, String name, UnaryOperator<NodeConfig> change) {
        return RealKeycloak.add(cluster, name, sandbox.ports().freeForNode(), database, admin, change);
    }

    private NodeConfig withKeyStores(NodeConfig config) {
        return config.withOption("--cache-embedded-mtls-key-store-file=" + keys.file("keys.p12"))
                .withOption("--cache-embedded-mtls-trust-store-file=" + keys.file("trust.p12"))
                .withEnvironment("KC_CACHE_EMBEDDED_MTLS_KEY_STORE_PASSWORD", PASSWORD)
                .withEnvironment("KC_CACHE_EMBEDDED_MTLS_TRUST_STORE_PASSWORD", PASSWORD);
    }

    /** A build with another version in it, in the place of the one that the home was built with. */
    private void replaceJar(KeycloakNode node) throws Exception {
        Path provider = node.home().providers().resolve(sandbox.productJar().getFileName());
        Path stamped = StampedJar.later(sandbox.productJar(), files);
        // Keycloak refuses a jar that is newer than its build.
        FileTime time = Files.getLastModifiedTime(provider);
        Files.copy(stamped, provider, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(provider, time);
    }
}
