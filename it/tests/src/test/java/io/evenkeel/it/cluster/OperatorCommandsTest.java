package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of THE jar on a host with Keycloak: nothing but the jar in providers, a JDK, and the node's environment.
 */
class OperatorCommandsTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String PATIENT = "--timeout=60000";

    @TempDir
    private Path folder;

    private Database database;
    private KeycloakCluster cluster;

    @Test
    void lookAtRealNodes() throws Exception {
        try (KeycloakCluster nodes = KEYCLOAK.twoNodes("commands", KEYCLOAK.home(), UnaryOperator.identity())) {
            cluster = nodes;
            database = cluster.node(0).config().database();
            cluster.start();

            for (KeycloakNode node : cluster.nodes()) {
                RealKeycloak.awaitMetric(node, "_cluster_size", size -> size == 2);
                // What a slow start has to say is not of the visits.
                node.log().mark();
            }
            doctorFindsNothing();
            statusKnowsAll();
            statusWatches();
            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log().ofLevel("WARN"))
                        .as("what the visits left in the log of %s", node.name())
                        .noneMatch(line -> line.logger().startsWith("io.evenkeel")
                                && !line.message().contains("HANDSHAKE_TIMEOUT"));
            }
        }
    }

    private void doctorFindsNothing() throws Exception {
        Path out = folder.resolve("doctor.json");
        int exitCode = run(out, "doctor", "--json", PATIENT);

        assertThat(json(out).path("findings")).as(Files.readString(out)).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(json(out).path("members")).hasSize(2).allSatisfy(member -> assertThat(
                        member.path("answers").asBoolean())
                .isTrue());
    }

    private void statusKnowsAll() throws Exception {
        Path out = folder.resolve("status.json");
        Path page = folder.resolve("status.html");
        List<String> arguments = new ArrayList<>(List.of("status", "--json", "--html=" + page, PATIENT));
        cluster.nodes()
                .forEach(node -> arguments.add("--metrics-url=http://127.0.0.1:"
                        + node.config().ports().management() + "/metrics"));
        int exitCode = run(out, arguments.toArray(String[]::new));

        assertThat(exitCode).as(Files.readString(out)).isZero();
        assertThat(json(out).path("nodes")).hasSize(2).allSatisfy(node -> {
            assertThat(node.path("unknown")).isEmpty();
            assertThat(node.path("view").asText()).endsWith(" of 2");
            assertThat(node.path("tls").asText()).isEqualTo("yes");
            assertThat(node.path("certificate").asText()).endsWith(" days");
            assertThat(node.path("connections").asInt()).isPositive();
            assertThat(node.path("state").asText()).isEqualTo("settled");
        });
        assertThat(Files.readString(page)).contains("node-1", "node-2", "Findings");
    }

    private void statusWatches() throws Exception {
        Path out = folder.resolve("watch.txt");
        try (ChildProcess watch = start(out, "status", "--watch=1")) {
            await().atMost(BOUND).until(() -> Files.readString(out).split("Cluster ISPN at ", -1).length > 3);
            assertThat(watch.isAlive()).isTrue();
        }
        assertThat(Files.readString(out))
                .contains("NODE", "coordinator", "? node-1, connections, state: http://127.0.0.1:9000");
    }

    private int run(Path out, String... arguments) throws Exception {
        try (ChildProcess child = start(out, arguments)) {
            return child.waitFor(BOUND).orElseThrow();
        }
    }

    /** As an operator on the host of the first node would. */
    private ChildProcess start(Path out, String... arguments) throws Exception {
        Path providers = cluster.node(0).home().dir().resolve("providers");
        Path jar;
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(providers, "evenkeel-*.jar")) {
            jar = jars.iterator().next();
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("KC_DB_URL", database.jdbcUrl());
        environment.put("KC_DB_USERNAME", database.owner().user());
        environment.put("KC_DB_PASSWORD", database.owner().password());
        Files.createFile(out);
        return ChildProcess.start(command, folder, environment, out);
    }

    private static JsonNode json(Path file) throws Exception {
        return new ObjectMapper().readTree(file.toFile());
    }
}
