package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.oidc.OidcClient;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The control for what {@link ClusterLifeTest} does not find on the wire: with Keycloak's mTLS turned off the same
 * recorder finds it, and every start warns.
 */
class PlainTextTest {

    @Test
    void withoutMtlsTheUserIsReadableOnTheWireAndEveryStartWarns() throws Exception {
        Credentials admin = RealKeycloak.markedAdmin();
        try (Sandbox sandbox = RealKeycloak.sandbox();
                KeycloakCluster cluster = sandbox.newCluster("plain", RealKeycloak.home(sandbox))) {
            Database database = sandbox.postgres().createDatabase("plain");
            NodePorts ports = sandbox.ports().freeForNode();
            try (RecordingProxy proxy = new RecordingProxy(ports.jgroups())) {
                KeycloakNode node1 =
                        RealKeycloak.add(cluster, "node-1", ports, database, admin, config -> config.withOption(
                                        "--cache-embedded-mtls-enabled=false")
                                .withOption("--cache-embedded-network-external-address=127.0.0.1")
                                .withOption("--cache-embedded-network-external-port=" + proxy.port()));
                KeycloakNode node2 = RealKeycloak.add(
                        cluster,
                        "node-2",
                        sandbox.ports().freeForNode(),
                        database,
                        admin,
                        config -> config.withOption("--cache-embedded-mtls-enabled=false"));
                cluster.start();

                assertThat(OidcClient.ofAdministrators().logIn(node1, admin).status())
                        .isEqualTo(200);
                await().atMost(RealKeycloak.BOUND).until(() -> proxy.saw(admin.user()));
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
