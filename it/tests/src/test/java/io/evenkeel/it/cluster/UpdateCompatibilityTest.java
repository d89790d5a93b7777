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
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdict of {@code kc.sh update-compatibility} of an update of the pack. */
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
            // Only its home is used.
            NodePorts none = new NodePorts(0, 0, 0);
            Path home = RealKeycloak.add(cluster, "node-1", none, null, RealKeycloak.markedAdmin(), config -> config)
                    .home()
                    .dir();
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

    private static KcScript kc(Path home, String command, Path file, String stack) throws Exception {
        return KcScript.run(home, "", "update-compatibility", command, "--optimized", "--file=" + file, stack);
    }
}
