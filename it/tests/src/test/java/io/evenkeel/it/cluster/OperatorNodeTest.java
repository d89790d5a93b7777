package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.TestCa;
import io.evenkeel.it.product.CodeBlock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes as Keycloak's operator starts them for the resource in docs/operate/kubernetes.md, each with an address of
 * its own and the same port: everything in the environment, the address as a system property before the command.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class OperatorNodeTest {
    /** The operator's argument before those of the pod; what the test kit would start with is left out. */
    private static final String START = "exec \"$1\" -Djgroups.bind.address=\"$POD_IP\" --verbose start --optimized";

    private static final int ROLLING = 0;
    private static final int RECREATE = 3;
    /** A line of /proc/net/tcp or tcp6 in the state LISTEN: address, port and inode. */
    private static final Pattern LISTENS =
            Pattern.compile("^\\s*\\d+: (\\p{XDigit}+):(\\p{XDigit}{4}) \\S+ 0A (?:\\S+ +){5}(\\d+)");

    private final Credentials admin = RealKeycloak.markedAdmin();
    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path files;

    @Test
    void theEnvironmentOfTheOperatorIsUnderstood() throws Exception {
        TestCa keys = new TestCa(files, "unused", new SecureRandom());
        keys.pem("tls", "CN=pod");
        try (Sandbox sandbox = RealKeycloak.sandbox();
                KeycloakCluster cluster = sandbox.newCluster("operator", RealKeycloak.home(sandbox))) {
            Database database = sandbox.postgres().createDatabase("operator");
            int port = sandbox.ports().freeForNode().jgroups();
            String net = "127." + random.nextInt(1, 255) + "." + random.nextInt(1, 255) + ".";
            KeycloakNode first = add(sandbox, cluster, "pod-0", net + "10", port, database);
            KeycloakNode second = add(sandbox, cluster, "pod-1", net + "11", port, database);
            Path home = second.home().copyTo(files.resolve("job")).dir();
            for (KeycloakNode node : List.of(first, second)) {
                node.home().runThrough(List.of("sh", "-c", START, "operator"));
            }
            cluster.start();

            for (KeycloakNode node : cluster.nodes()) {
                String address = node.config().environment().get("POD_IP");
                assertThat(node.log()
                                .find(Pattern.compile("listening on " + Pattern.quote(address + ":" + port)
                                        + ".*encryption: TLSv1.3")))
                        .isPresent();
                assertThat(Stranger.certificateShownBy(address, port)
                                .getSubjectX500Principal()
                                .getName())
                        .isEqualTo("CN=pod");
                assertThat(listening(node, address))
                        .as("ports of the pod, but for those of HTTP, which are on loopback here")
                        .containsExactly(port);
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
                for (String probe : List.of("/health/started", "/health/ready", "/health/live")) {
                    assertThat(node.status(probe)).hasValue(200);
                }
            }
            theUpdateJobDecides(home, second.config().environment());
        }
    }

    /** The arguments of the pod without {@code start} stand behind those of the job. */
    private void theUpdateJobDecides(Path home, Map<String, String> environment) throws Exception {
        String metadata = files.resolve("updates.json").toString();
        String address = "-Djgroups.bind.address=" + environment.get("POD_IP");
        KcScript before = KcScript.run(
                home,
                "",
                environment,
                "update-compatibility",
                "metadata",
                "--file",
                metadata,
                address,
                "--verbose",
                "--optimized");
        assertThat(before.status()).as("%s", before.output()).isZero();

        String[] check = {"update-compatibility", "check", "--file", metadata, address, "--verbose", "--optimized"};
        assertThat(KcScript.run(home, "", environment, check).status()).isEqualTo(ROLLING);
        Map<String, String> otherStack = new HashMap<>(environment);
        otherStack.put("KC_CACHE_STACK", "jdbc-ping");
        assertThat(KcScript.run(home, "", otherStack, check).status()).isEqualTo(RECREATE);
    }

    private KeycloakNode add(
            Sandbox sandbox, KeycloakCluster cluster, String name, String address, int port, Database database)
            throws IOException {
        NodePorts ports = sandbox.ports().freeForNode();
        Map<String, String> environment = new LinkedHashMap<>(additionalOptions());
        environment.put("POD_IP", address);
        environment.put("KC_SPI_CACHE_EMBEDDED__DEFAULT__MACHINE_NAME", "host-of-" + name);
        environment.put("KC_CACHE", "ispn");
        environment.put("KC_HEALTH_ENABLED", "true");
        environment.put("KC_METRICS_ENABLED", "true");
        environment.put("KC_TRACING_SERVICE_NAME", "sso");
        environment.put("KC_TRACING_RESOURCE_ATTRIBUTES", "k8s.namespace.name=keycloak");
        environment.put("KC_DB", "postgres");
        environment.put("KC_DB_URL", database.jdbcUrl());
        environment.put("KC_DB_USERNAME", database.owner().user());
        environment.put("KC_HOSTNAME", "http://keycloak.example");
        environment.put("KC_HTTP_ENABLED", "true");
        environment.put("KC_PROXY_HEADERS", "xforwarded");
        // The host of a pod has these to itself.
        environment.put("KC_HTTP_HOST", "127.0.0.1");
        environment.put("KC_HTTP_PORT", Integer.toString(ports.http()));
        environment.put("KC_HTTP_MANAGEMENT_PORT", Integer.toString(ports.management()));
        environment.put("KC_CACHE_EMBEDDED_NETWORK_BIND_PORT", Integer.toString(port));
        return RealKeycloak.add(cluster, name, ports, database, admin, config -> {
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                config = config.withEnvironment(variable.getKey(), variable.getValue());
            }
            return config;
        });
    }

    /** As the operator hands them over: the variable, and beside it the name that it stands for. */
    private Map<String, String> additionalOptions() throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        Map<String, String> variables = new LinkedHashMap<>();
        for (CodeBlock block : CodeBlock.of(Path.of("docs/operate/kubernetes.md"))) {
            if (block.language().equals("yaml")) {
                for (JsonNode option : yaml.readTree(block.text()).path("spec").path("additionalOptions")) {
                    String name = option.path("name").asText();
                    String variable = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
                    variables.put(
                            "KC_" + variable, option.path("value").asText().replace("/tls/", files + "/"));
                    variables.put("KCKEY_" + variable, name);
                }
            }
        }
        assertThat(variables)
                .containsEntry("KC_CACHE_STACK", RealKeycloak.JDBC_STACK)
                .hasSizeGreaterThan(6);
        return variables;
    }

    /** The ports of the node's JVM at an address, or at all addresses. */
    private static Set<Integer> listening(KeycloakNode node, String address) throws IOException {
        Path process = Path.of("/proc", node.javaPid().orElseThrow().toString());
        Set<String> sockets = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                sockets.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        byte[] bytes = InetAddress.getByName(address).getAddress();
        String own = String.format(Locale.ROOT, "%02X%02X%02X%02X", bytes[3], bytes[2], bytes[1], bytes[0]);
        Set<Integer> ports = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(process.resolve("net").resolve(table))) {
                Matcher socket = LISTENS.matcher(line);
                if (socket.find()
                        && sockets.contains("socket:[" + socket.group(3) + "]")
                        && (socket.group(1).endsWith(own) || socket.group(1).matches("0+"))) {
                    ports.add(Integer.parseInt(socket.group(2), 16));
                }
            }
        }
        return ports;
    }
}
