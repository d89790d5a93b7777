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
    private static final List<String> ON_ONE_ADDRESS = List.of("127.0.0.1", "127.0.0.1");

    private final UserSessions users = new UserSessions(KEYCLOAK.admin());

    @Test
    void byAListOfHosts() throws Exception {
        List<NodePorts> ports = twoPorts();
        String hosts =
                ports.stream().map(each -> "127.0.0.1[" + each.jgroups() + "]").collect(Collectors.joining(","));
        formACluster(
                "hosts", "evenkeel-static", ports, ON_ONE_ADDRESS, List.of("-Djgroups.tcpping.initial_hosts=" + hosts));
    }

    /** Records with ports, of a server that the system does not ask. */
    @Test
    void byServicesInDns(@TempDir Path directory) throws Exception {
        List<NodePorts> ports = twoPorts();
        List<String> records = new ArrayList<>(List.of("--host-record=node." + NAME + ",127.0.0.1"));
        ports.forEach(each -> records.add("--srv-host=" + NAME + ",node." + NAME + "," + each.jgroups()));
        int dns = KEYCLOAK.sandbox().ports().free();
        try (ChildProcess server = dnsmasq(directory, dns, records)) {
            assertThat(server.isAlive()).isTrue();
            formACluster(
                    "services",
                    "evenkeel-dns",
                    ports,
                    ON_ONE_ADDRESS,
                    List.of(
                            "-Djgroups.dns.query=" + NAME,
                            "-Djgroups.dns.record=SRV",
                            "-Djgroups.dns.address=127.0.0.1:" + dns));
        }
    }

    /** As pods behind a headless service: an address each, and one port. */
    @Test
    void byAddressesInDns(@TempDir Path directory) throws Exception {
        List<NodePorts> free = twoPorts();
        NodePorts other = free.get(1);
        List<NodePorts> ports = List.of(
                free.get(0),
                new NodePorts(other.http(), other.management(), free.get(0).jgroups()));
        List<String> addresses = List.of("127.0.0.1", "127.0.0.2");
        int dns = KEYCLOAK.sandbox().ports().free();
        List<String> records = addresses.stream()
                .map(address -> "--host-record=" + NAME + "," + address)
                .toList();
        try (ChildProcess server = dnsmasq(directory, dns, records)) {
            assertThat(server.isAlive()).isTrue();
            formACluster(
                    "addresses",
                    "evenkeel-dns",
                    ports,
                    addresses,
                    List.of("-Djgroups.dns.query=" + NAME, "-Djgroups.dns.address=127.0.0.1:" + dns));
        }
    }

    private static ChildProcess dnsmasq(Path directory, int port, List<String> records) {
        assumeTrue(Programs.areInstalled("dnsmasq"), "dnsmasq is not installed");
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
                "--port=" + port));
        command.addAll(records);
        return ChildProcess.start(command, directory, System.getenv(), directory.resolve("dnsmasq.log"));
    }

    private static List<NodePorts> twoPorts() {
        return List.of(KEYCLOAK.ports(), KEYCLOAK.ports());
    }

    /** A session of one is known to the other. */
    private void formACluster(
            String name, String stack, List<NodePorts> ports, List<String> addresses, List<String> discovery)
            throws Exception {
        Database database = KEYCLOAK.database(name);
        try (KeycloakCluster cluster = KEYCLOAK.cluster(name)) {
            for (int i = 0; i < ports.size(); i++) {
                String address = addresses.get(i);
                KEYCLOAK.add(cluster, name + "-" + i, ports.get(i), database, config -> config.withJvmOptions(discovery)
                        .withStack(stack)
                        .withOption("--cache-embedded-network-bind-address=" + address));
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
