package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.evenkeel.it.member.LeaseRows;
import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.product.CodeBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pods of the charts keycloakx and bitnami with the values of docs/operate/kubernetes.md: the init container's own
 * command copies the jar into a volume, and the node runs Keycloak's build at its start. One node as each, in one
 * cluster.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class InitContainerTest {
    /** The charts start without --optimized; what the test kit adds beside it stays. */
    private static final String START =
            """
            shift
            for argument; do
              shift
              [ "$argument" = --optimized ] || set -- "$@" "$argument"
            done
            exec %s/bin/kc-inside.sh "$@"
            """;

    private final Credentials admin = RealKeycloak.markedAdmin();

    @TempDir
    private Path files;

    @Test
    void nodesOfBothChartsStartWithTheJarOfAnInitContainer() throws Exception {
        ContainerRoot.obstacle().ifPresent(obstacle -> assumeTrue(false, obstacle));
        try (Sandbox sandbox = RealKeycloak.sandbox();
                KeycloakCluster cluster = sandbox.newCluster("charts", HomeSpec.STOCK)) {
            Database database = sandbox.postgres().createDatabase("charts");
            Path jar = directory("evenkeel");
            Files.copy(sandbox.productJar(), jar.resolve(sandbox.productJar().getFileName()));

            KeycloakNode keycloakx = add(sandbox, cluster, "keycloakx", database, config -> config);
            asKeycloakx(keycloakx, jar);
            KeycloakNode bitnami = add(sandbox, cluster, "bitnami", database, InitContainerTest::asTheChartSetsIt);
            asBitnami(bitnami, jar);
            cluster.start();

            for (KeycloakNode node : cluster.nodes()) {
                assertThat(node.log().find(Pattern.compile("listening on .*encryption: TLSv1.3")))
                        .isPresent();
                assertThat(RealKeycloak.ourErrors(node)).isEmpty();
            }
            assertThat(user(keycloakx)).isEqualTo("1000 0");
            assertThat(user(bitnami)).isEqualTo("1001 1001");
            assertThat(new LeaseRows(sandbox.postgres(), "charts", "evenkeel_lease").members())
                    .containsExactly("bitnami", "keycloakx");
            assertThat(bitnami.stop()).as("stopped by SIGTERM").isTrue();
            assertThat(keycloakx.stop()).as("stopped by SIGTERM").isTrue();
        }
    }

    private static NodeConfig asTheChartSetsIt(NodeConfig config) {
        return config.withOption("--db-url=" + config.database().jdbcUrl() + "?currentSchema=public")
                .withEnvironment("KC_DB_SCHEMA", "public")
                .withEnvironment("KC_CACHE", "ispn")
                .withEnvironment("KC_CACHE_CONFIG_FILE", "cache-ispn.xml")
                .withJvmOption("-Djgroups.dns.query=keycloak-headless.keycloak.svc.cluster.local");
    }

    /** The official image: its files belong to 1000:0, and its root can be written to. */
    private void asKeycloakx(KeycloakNode node, Path jar) throws Exception {
        JsonNode container = yaml(values("extraInitContainers")
                        .path("extraInitContainers")
                        .asText())
                .get(0);
        Path home = node.home().dir();
        chown("1000:0", home);
        Path volume = directory("providers");
        chown("1000:0", volume);
        initialize(container, jar, Map.of("providers", volume), 1000, 0);

        String mountPath = yaml(values("extraInitContainers")
                        .path("extraVolumeMounts")
                        .asText())
                .get(0)
                .path("mountPath")
                .asText();
        ContainerRoot root = root().with("/opt/keycloak", home).with(mountPath, volume);
        node.home().runThrough(root.run(1000, 0, START.formatted("/opt/keycloak")));
    }

    /** Bitnami's image: a read-only root with one volume at these places, and 1001:1001. */
    private void asBitnami(KeycloakNode node, Path jar) throws Exception {
        JsonNode container = values("initContainers").path("initContainers").get(0);
        Path home = node.home().dir();
        Path volume = directory("empty-dir");
        Map<String, String> places = Map.of(
                "app-quarkus-dir", "lib/quarkus",
                "app-conf-dir", "conf",
                "app-data-dir", "data",
                "app-providers-dir", "providers",
                "app-themes-dir", "themes");
        for (Map.Entry<String, String> place : places.entrySet()) {
            Path from = Files.createDirectories(home.resolve(place.getValue()));
            run(List.of(
                    "cp",
                    "-r",
                    "--preserve=mode,timestamps",
                    from.toString(),
                    volume.resolve(place.getKey()).toString()));
        }
        chown("1001:1001", volume);
        initialize(container, jar, Map.of("empty-dir", volume), 1001, 1001);

        ContainerRoot root = root().withReadOnly("/opt/bitnami/keycloak", home);
        places.forEach((place, at) -> root.with("/opt/bitnami/keycloak/" + at, volume.resolve(place)));
        node.home().runThrough(root.run(1001, 1001, START.formatted("/opt/bitnami/keycloak")));
    }

    /** Runs the container's command as it stands on the page. */
    private void initialize(JsonNode container, Path jar, Map<String, Path> volumes, int user, int group)
            throws Exception {
        ContainerRoot root = root().withReadOnly("/evenkeel", jar);
        for (JsonNode mount : container.path("volumeMounts")) {
            root.with(
                    mount.path("mountPath").asText(),
                    volumes.get(mount.path("name").asText()));
        }
        List<String> command = Stream.concat(
                        root.run(user, group, "exec \"$@\"").stream(),
                        Stream.iterate(0, i -> i < container.path("command").size(), i -> i + 1)
                                .map(i -> container.path("command").get(i).asText()))
                .toList();
        run(command);
    }

    private ContainerRoot root() throws IOException {
        return new ContainerRoot(Files.createTempDirectory(files, "root")).withEmptyDir("/tmp");
    }

    private KeycloakNode add(
            Sandbox sandbox,
            KeycloakCluster cluster,
            String name,
            Database database,
            UnaryOperator<NodeConfig> change) {
        return RealKeycloak.add(
                cluster,
                name,
                sandbox.ports().freeForNode(),
                database,
                admin,
                config -> change.apply(config.withJvmOption("-Djava.io.tmpdir=/tmp")
                        .withEnvironment("KC_DB", "postgres")
                        .withEnvironment("KC_HEALTH_ENABLED", "true")
                        .withEnvironment("KC_METRICS_ENABLED", "true")));
    }

    private Path directory(String name) throws IOException {
        Path directory = Files.createDirectory(files.resolve(name));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return directory;
    }

    private void chown(String owner, Path tree) throws Exception {
        run(List.of("chown", "-R", owner, tree.toString()));
    }

    private void run(List<String> command) throws Exception {
        Path log = files.resolve("command.log");
        try (ChildProcess child = ChildProcess.start(command, files, new HashMap<>(System.getenv()), log)) {
            assertThat(child.waitFor(BOUND)).as(() -> command + ": " + log).hasValue(0);
        }
    }

    private static JsonNode values(String key) throws IOException {
        for (CodeBlock block : CodeBlock.of(Path.of("docs/operate/kubernetes.md"))) {
            if (block.language().equals("yaml") && yaml(block.text()).has(key)) {
                return yaml(block.text());
            }
        }
        throw new AssertionError("no values with " + key);
    }

    private static JsonNode yaml(String text) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(text);
    }

    /** The effective user and group. */
    private static String user(KeycloakNode node) throws IOException {
        Path status = Path.of("/proc", node.javaPid().orElseThrow().toString(), "status");
        String[] ids = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("Uid:") || line.startsWith("Gid:"))
                .map(line -> line.split("\\s+", -1)[2])
                .toArray(String[]::new);
        return String.join(" ", ids);
    }
}
