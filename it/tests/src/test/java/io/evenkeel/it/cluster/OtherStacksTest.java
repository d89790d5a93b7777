package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two real nodes on each stack whose discovery needs neither a table nor Kubernetes, selected by --cache-stack. */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "set -Devenkeel.long=true")
class OtherStacksTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String NAME = "members.example";

    private final UserSessions users = new UserSessions(KEYCLOAK.admin());

    @Test
    void byAListOfHosts() throws Exception {
        List<NodePorts> ports = twoPorts();
        String hosts =
                ports.stream().map(each -> "127.0.0.1[" + each.jgroups() + "]").collect(Collectors.joining(","));
        formACluster("evenkeel-static", ports, List.of("-Djgroups.tcpping.initial_hosts=" + hosts));
    }

    /** Records with ports, of a server that the system does not ask. */
    @Test
    void byServicesInDns(@TempDir Path directory) throws Exception {
        assumeTrue(Programs.areInstalled("dnsmasq"), "dnsmasq is not installed");
        List<NodePorts> ports = twoPorts();
        int dns = KEYCLOAK.sandbox().ports().free();
        List<String> command = new ArrayList<>(List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file",
                "--user=" + System.getProperty("user.name"),
                "--no-resolv",
                "--no-hosts",
                "--bind-interfaces",
                "--listen-address=127.0.0.1",
                "--port=" + dns,
                "--host-record=node." + NAME + ",127.0.0.1"));
        ports.forEach(each -> command.add("--srv-host=" + NAME + ",node." + NAME + "," + each.jgroups()));
        try (ChildProcess server =
                ChildProcess.start(command, directory, System.getenv(), directory.resolve("dnsmasq.log"))) {
            assertThat(server.isAlive()).isTrue();
            formACluster(
                    "evenkeel-dns",
                    ports,
                    List.of(
                            "-Djgroups.dns.query=" + NAME,
                            "-Djgroups.dns.record=SRV",
                            "-Djgroups.dns.address=127.0.0.1:" + dns));
        }
    }

    private static List<NodePorts> twoPorts() {
        return List.of(KEYCLOAK.ports(), KEYCLOAK.ports());
    }

    /** A session of one is known to the other. */
    private void formACluster(String stack, List<NodePorts> ports, List<String> discovery) throws Exception {
        String name = stack.replace('-', '_');
        Database database = KEYCLOAK.database(name);
        try (KeycloakCluster cluster = KEYCLOAK.cluster(name)) {
            for (NodePorts each : ports) {
                KEYCLOAK.add(cluster, stack + "-" + each.jgroups(), each, database, config -> {
                    for (String option : discovery) {
                        config = config.withJvmOption(option);
                    }
                    return config.withStack(stack);
                });
            }
            cluster.start();
            cluster.awaitOneView(BOUND);
            users.refresh(cluster.node(1), users.logIn(cluster.node(0)));
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
        }
    }
}
