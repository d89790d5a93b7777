package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verdict of {@code kc.sh update-compatibility} of an update of the pack, and of a change of the stack. */
class UpdateCompatibilityTest {
    private static final int ROLLING = 0;
    private static final int RECREATE = 3;
    private static final String OUR_STACK = "--cache-stack=" + RealKeycloak.JDBC_STACK;

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path files;

    @Test
    void anotherVersionOfThePackIsRollingAndAnotherFormatOnTheWireIsNot() throws Exception {
        try (Sandbox sandbox = RealKeycloak.sandbox();
                KeycloakCluster cluster = sandbox.newCluster("update", RealKeycloak.home(sandbox))) {
            Path home = home(cluster);
            Path file = files.resolve("metadata.json");

            KcScript metadata = kc(home, "metadata", file, OUR_STACK);
            assertThat(metadata.status()).as("%s", metadata.output()).isZero();
            ObjectNode all = (ObjectNode) json.readTree(file.toFile());
            JsonNode ours = all.get("evenkeel");
            try (JarFile jar = new JarFile(sandbox.productJar().toFile())) {
                assertThat(ours.get("version").asText())
                        .isEqualTo(jar.getManifest().getMainAttributes().getValue("Implementation-Version"));
            }
            assertThat(ours.get("wireFormat").asText()).isEqualTo("1");

            ((ObjectNode) ours).put("version", "0.0.1");
            json.writeValue(file.toFile(), all);
            KcScript otherVersion = kc(home, "check", file, OUR_STACK);
            assertThat(otherVersion.status()).as("%s", otherVersion.output()).isEqualTo(ROLLING);

            ((ObjectNode) ours).put("wireFormat", "0");
            json.writeValue(file.toFile(), all);
            KcScript otherFormat = kc(home, "check", file, OUR_STACK);
            assertThat(otherFormat.status()).as("%s", otherFormat.output()).isEqualTo(RECREATE);
            assertThat(otherFormat.lines("evenkeel")).anyMatch(line -> line.contains("wireFormat"));

            kc(home, "metadata", file, "--cache-stack=jdbc-ping");
            assertThat(Files.readString(file)).contains("keycloak").doesNotContain("wireFormat");
        }
    }

    /** The first image has no jar of the pack, and so has the last one. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void eachStepOfAMigrationIsRollingAndTheWayWithoutItIsNot() throws Exception {
        try (Sandbox sandbox = RealKeycloak.sandbox();
                KeycloakCluster without = sandbox.newCluster("without", RealKeycloak.homeWithoutPack());
                KeycloakCluster with = sandbox.newCluster("with", RealKeycloak.home(sandbox))) {
            Path stock = home(without);
            Path pack = home(with);
            Path file = files.resolve("metadata.json");

            metadata(stock, "jdbc-ping", file);
            assertThat(json.readTree(file.toFile()).at("/cacheEmbedded/stack").asText())
                    .isEqualTo("jdbc-ping");
            assertThat(json.readTree(file.toFile()).has("evenkeel")).isFalse();
            assertVerdict(pack, file, "jdbc-ping", ROLLING);
            assertVerdict(pack, file, "evenkeel-migrate", ROLLING);
            assertVerdict(pack, file, "evenkeel-jdbc", RECREATE);

            metadata(pack, "evenkeel-migrate", file);
            assertVerdict(pack, file, "evenkeel-jdbc", ROLLING);
            assertVerdict(pack, file, "jdbc-ping", ROLLING);
            assertVerdict(stock, file, "jdbc-ping", RECREATE);

            metadata(pack, "evenkeel-jdbc", file);
            assertVerdict(pack, file, "evenkeel-migrate", ROLLING);
            assertVerdict(pack, file, "jdbc-ping", RECREATE);

            metadata(pack, "jdbc-ping", file);
            assertVerdict(stock, file, "jdbc-ping", ROLLING);
        }
    }

    /** Of a node that is never started. */
    private static Path home(KeycloakCluster cluster) {
        NodePorts none = new NodePorts(0, 0, 0);
        return RealKeycloak.add(cluster, "node-1", none, null, RealKeycloak.markedAdmin(), config -> config)
                .home()
                .dir();
    }

    private static void metadata(Path home, String stack, Path file) throws Exception {
        KcScript written = kc(home, "metadata", file, "--cache-stack=" + stack);
        assertThat(written.status()).as("%s", written.output()).isZero();
    }

    private static void assertVerdict(Path home, Path file, String stack, int verdict) throws Exception {
        KcScript check = kc(home, "check", file, "--cache-stack=" + stack);
        assertThat(check.status()).as("%s", check.output()).isEqualTo(verdict);
    }

    private static KcScript kc(Path home, String command, Path file, String stack) throws Exception {
        return KcScript.run(home, "", "update-compatibility", command, "--optimized", "--file=" + file, stack);
    }
}
