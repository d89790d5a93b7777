package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./evenkeel certs} in a copy of the repository whose jar is newer than its sources, so that nothing is built.
 */
class ScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("evenkeel.root"));

    @TempDir
    Path directory;

    private Cli cli;
    private Path copy;

    @BeforeEach
    void copy() throws Exception {
        assumeTrue(Cli.isInstalled("sh", "-c", "exit 0"), "there is no sh");
        cli = new Cli(directory);
        copy = Files.createDirectory(cli.file("a copy"));
        for (String tree : List.of("certs/src/main", "certs/cli/src/main")) {
            copyTree(tree);
        }
        for (String file : List.of("pom.xml", "certs/pom.xml", "certs/cli/pom.xml", "evenkeel")) {
            Files.copy(ROOT.resolve(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path jar = copy.resolve("certs/cli/target/evenkeel-certs.jar");
        Files.createDirectories(jar.getParent());
        Files.copy(Cli.jarFile(), jar);
    }

    private void copyTree(String tree) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT.resolve(tree))) {
            for (Path each : all.toList()) {
                Path target = copy.resolve(ROOT.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        // A copied file is older than the jar; a directory that was made just now may be of the same instant.
        try (Stream<Path> all = Files.walk(copy)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                Files.setLastModifiedTime(each, FileTime.fromMillis(0));
            }
        }
    }

    private Cli.Result script(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                copy.resolve("evenkeel").toString(),
                "certs"));
        command.addAll(List.of(arguments));
        return cli.process(command);
    }

    @Test
    void theFirstRunIsTwoCommandsWhoseHintsNameTheScript() throws Exception {
        assertThat(script("init-ca", "--cluster", "prod").ok().out()).contains("Next: ./evenkeel certs issue");
        Cli.Result issued = script("issue", "node-1", "node-2").ok();
        assertThat(issued.err()).as("nothing is built").isEmpty();
        assertThat(issued.out())
                .contains("cache-embedded-mtls-key-store-file="
                        + cli.node("node-1").resolve("keystore.p12").toRealPath());
        assertThat(script("verify").ok().out()).contains("all 2 accept each other");
        assertThat(script("issue", "--help").ok().out()).contains("Example:", "  ./evenkeel certs issue node-1");
        script("issue", "node-1").failed(ExitCode.EXISTS, "nodes/node-1/tls.crt exists already");
        assertThat(script("isue").exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
