package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stacks of the user's own that have another discovery than the pack's stack that they extend or replace, by the texts
 * of docs/operate/one-protocol-at-a-time.md: two nodes get Keycloak's certificates and the options of the pack, and
 * make no table.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomStacksTest {
    private final Credentials admin = RealKeycloak.markedAdmin();
    private Path files;
    private Sandbox sandbox;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        files = directory;
        sandbox = RealKeycloak.sandbox();
    }

    @AfterAll
    void close() {
        sandbox.close();
    }

    @Test
    void aChildWithAnotherDiscovery() throws Exception {
        List<NodePorts> ports = twoPorts();
        formACluster("hosts-on-evenkeel-jdbc.xml", "mine", ports, config -> config.withStack(null)
                .withEnvironment("CLUSTER_HOSTS", hosts(ports)));
    }

    @Test
    void aStackUnderThePacksNameCounts() throws Exception {
        List<NodePorts> ports = twoPorts();
        formACluster("own-evenkeel-jdbc.xml", "evenkeel-jdbc", ports, config -> config.withStack("evenkeel-jdbc")
                .withJvmOption("-Djgroups.tcpping.initial_hosts=" + hosts(ports)));
    }

    private List<NodePorts> twoPorts() {
        return List.of(sandbox.ports().freeForNode(), sandbox.ports().freeForNode());
    }

    private static String hosts(List<NodePorts> ports) {
        return "127.0.0.1[" + ports.get(0).jgroups() + "],127.0.0.1["
                + ports.get(1).jgroups() + "]";
    }

    private void formACluster(String file, String stack, List<NodePorts> ports, UnaryOperator<NodeConfig> change)
            throws Exception {
        String name = file.replace(".xml", "").replace('-', '_');
        HomeSpec home = RealKeycloak.home(sandbox)
                .withConf(file, OneProtocolPage.writeFilesInto(files).get(file));
        Database database = sandbox.postgres().createDatabase(name);
        try (KeycloakCluster cluster = sandbox.newCluster(name, home)) {
            for (NodePorts each : ports) {
                RealKeycloak.add(
                        cluster,
                        "node-" + each.jgroups(),
                        each,
                        database,
                        admin,
                        config -> change.apply(config.withOption("--cache-config-file=" + file)
                                .withOption("--spi-cache-embedded--default--state-fc-floor=20k")
                                .withOption("--spi-cache-embedded--default--state-fc-cap=20k")));
            }
            cluster.start();

            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log().find(Pattern.compile("ISPN000078.*`" + stack + "`")))
                        .isPresent();
                assertThat(node.log().find(Pattern.compile("listening on .*TLSv1\\.3")))
                        .isPresent();
                assertThat(RealKeycloak.metric(node, "_state_fc_get_largest_window_bytes"))
                        .isEqualTo(20_000);
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
            assertThat(tables(name)).contains("user_entity").doesNotContain("evenkeel_lease");
        }
    }

    private String tables(String database) throws Exception {
        try (Connection connection = sandbox.postgres().connect(database);
                Statement statement = connection.createStatement();
                ResultSet names =
                        statement.executeQuery("SELECT string_agg(table_name, ' ') FROM information_schema.tables")) {
            names.next();
            return names.getString(1);
        }
    }
}
