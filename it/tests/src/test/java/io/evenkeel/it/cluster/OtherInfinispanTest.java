package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.product.ChangedJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Keycloak whose Infinispan has a method that the pack needs under another name. */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class OtherInfinispanTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    @Test
    void aStackThatNeedsTheMethodEndsTheStartWithOneLine() throws Exception {
        try (KeycloakCluster cluster = KEYCLOAK.cluster("other")) {
            KeycloakNode node = KEYCLOAK.add(
                    cluster, "node-1", KEYCLOAK.database("other"), config -> config.withStack("evenkeel-migrate"));
            renameMethod(node.home().dir().resolve("lib/lib"));
            node.start();

            assertThatThrownBy(() -> node.awaitReady(BOUND))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("exit status 1");
            assertThat(node.log()
                            .find(Pattern.compile(
                                    "EVK0505: \\S+AbstractJGroupsChannelConfigurator\\.amendChannel is not"
                                            + " in this version of Infinispan")))
                    .isPresent();
        }
    }

    /** In the place of the link to the libraries that all homes share. */
    private static void renameMethod(Path libraries) throws IOException {
        Path shared = libraries.toRealPath();
        Files.delete(libraries);
        Path own = Files.createDirectories(libraries.resolve("main"));
        Files.createSymbolicLink(libraries.resolve("boot"), shared.resolve("boot"));
        for (Path jar : list(shared.resolve("main"))) {
            Path target = own.resolve(jar.getFileName());
            if (jar.getFileName().toString().startsWith("org.infinispan.infinispan-core-")) {
                ChangedJar.write(jar, target, (entry, original) -> renamed(original));
            } else {
                Files.createSymbolicLink(target, jar);
            }
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    /** Names of methods stand in a class file as they are written; one of the same length keeps it whole. */
    private static byte[] renamed(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .replace("amendChannel", "emendChannel")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
