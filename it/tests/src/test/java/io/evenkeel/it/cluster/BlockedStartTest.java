package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that cannot join, since the coordinator beats in the table and nobody listens at its address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockedStartTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String DATABASE = "blocked";
    private static final Pattern WAITING = Pattern.compile("cannot join ISPN yet: .*" + LargerCluster.NAME);

    /** The table did not answer within leave_timeout, which is short. */
    private static final Pattern ROW_LEFT = Pattern.compile("EVK0108");

    @Test
    void aNodeThatCannotJoinEndsOnSigtermAndWhenItsTimeIsOver() throws Exception {
        Database database = KEYCLOAK.database(DATABASE);
        try (KeycloakCluster cluster = KEYCLOAK.cluster(DATABASE);
                LargerCluster larger = new LargerCluster(KEYCLOAK.postgres(), DATABASE)) {
            KeycloakNode node = KEYCLOAK.add(cluster, "node-1", database);
            cluster.start();
            larger.start();
            node.kill();

            node.start();
            await().atMost(BOUND).until(() -> node.log().find(WAITING).isPresent());
            long stopNs = System.nanoTime();
            node.requestStop();
            await().atMost(BOUND).until(() -> !node.isAlive());
            System.out.printf(
                    "SIGTERM to the end of a node that cannot join: %d ms%n", (System.nanoTime() - stopNs) / 1_000_000);
            assertThat(node.log()
                            .find(Pattern.compile(
                                    "EVK0122: JDBC_PING_LEASE: the join of ISPN was ended: the JVM is shutting down")))
                    .isPresent();
            if (node.log().find(ROW_LEFT).isEmpty()) {
                assertThat(KEYCLOAK.leases(DATABASE).members()).containsExactly(LargerCluster.NAME);
            }

            node.configure(node.config().withOption("--spi-cache-embedded--default--max-join-time=60s"));
            node.start();
            assertThatThrownBy(() -> node.awaitReady(BOUND))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("exit status 1");
            assertThat(node.log()
                            .find(Pattern.compile("EVK0122: .*max_join_time=60000 ms is over.*" + LargerCluster.NAME
                                    + " at 127\\.0\\.0\\.1:1")))
                    .isPresent();
        }
    }
}
