package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.oidc.OidcClient;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The control for what {@link ClusterLifeTest} does not find on the wire: with Keycloak's mTLS turned off the same
 * recorder finds it, and every start warns.
 */
class PlainTextTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    @Test
    void withoutMtlsTheUserIsReadableOnTheWireAndEveryStartWarns() throws Exception {
        try (KeycloakCluster cluster = KEYCLOAK.cluster("plain")) {
            Database database = KEYCLOAK.database("plain");
            NodePorts ports = KEYCLOAK.ports();
            try (RecordingProxy proxy = RecordingProxy.to(ports.jgroups())) {
                KeycloakNode node1 = KEYCLOAK.add(cluster, "node-1", ports, database, config -> config.withOption(
                                "--cache-embedded-mtls-enabled=false")
                        .withOption("--cache-embedded-network-external-address=127.0.0.1")
                        .withOption("--cache-embedded-network-external-port=" + proxy.port()));
                KeycloakNode node2 = KEYCLOAK.add(
                        cluster,
                        "node-2",
                        database,
                        config -> config.withOption("--cache-embedded-mtls-enabled=false"));
                cluster.start();

                assertThat(OidcClient.ofAdministrators()
                                .logIn(node1, KEYCLOAK.admin())
                                .status())
                        .isEqualTo(200);
                await().atMost(RealKeycloak.BOUND)
                        .until(() -> proxy.saw(KEYCLOAK.admin().user()));
                for (KeycloakNode node : cluster.nodes()) {
                    assertThat(node.log().ofLevel("WARN"))
                            .filteredOn(line -> line.logger().startsWith("io.evenkeel"))
                            .anyMatch(line -> Pattern.compile("(?i)clear|plain|encryption")
                                    .matcher(line.message())
                                    .find());
                }
                assertThat(node2.isReady()).isTrue();
            }
        }
    }
}
