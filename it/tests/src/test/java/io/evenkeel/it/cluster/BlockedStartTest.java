package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node that cannot join, since the coordinator beats in the table and nobody listens at its address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockedStartTest {
    private static final String DATABASE = "blocked";
    private static final Pattern WAITING = Pattern.compile("cannot join ISPN yet: .*" + RivalCoordinator.NAME);

    private final Credentials admin = RealKeycloak.markedAdmin();
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
    void aNodeThatCannotJoinEndsOnSigtermAndWhenItsTimeIsOver() throws Exception {
        Database database = sandbox.postgres().createDatabase(DATABASE);
        try (KeycloakCluster cluster = sandbox.newCluster(DATABASE, RealKeycloak.home(sandbox));
                RivalCoordinator rival = new RivalCoordinator(sandbox.postgres(), DATABASE)) {
            KeycloakNode node = RealKeycloak.add(
                    cluster, "node-1", sandbox.ports().freeForNode(), database, admin, config -> config);
            cluster.start();
            rival.start();
            node.kill();

            node.start();
            await().atMost(BOUND).until(() -> node.log().find(WAITING).isPresent());
            long stopNs = System.nanoTime();
            node.requestStop();
            await().atMost(BOUND).until(() -> !node.isAlive());
            System.out.printf(
                    "SIGTERM to the end of a node that cannot join: %d ms%n", (System.nanoTime() - stopNs) / 1_000_000);
            assertThat(node.log().find(Pattern.compile("the join of ISPN was ended: the JVM is shutting down")))
                    .isPresent();
            assertThat(new LeaseRows(sandbox.postgres(), DATABASE, "evenkeel_lease").members())
                    .containsExactly(RivalCoordinator.NAME);

            node.configure(node.config().withOption("--spi-cache-embedded--default--max-join-time=15s"));
            node.start();
            assertThatThrownBy(() -> node.awaitReady(BOUND))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("exit status 1");
            assertThat(node.log()
                            .find(Pattern.compile("max_join_time=15000 ms is over.*" + RivalCoordinator.NAME
                                    + " at 127\\.0\\.0\\.1:1")))
                    .isPresent();
        }
    }
}
