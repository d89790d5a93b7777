package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Programs;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A release, built as RELEASING.md says in a copy of the sources elsewhere, into an empty folder. A minute or two. */
@EnabledIfSystemProperty(
        named = "evenkeel.release",
        matches = "true",
        disabledReason = "run it with -Devenkeel.release=true")
class ReleaseTest {
    private static final Path ROOT =
            Path.of(System.getProperty("evenkeel.root")).toAbsolutePath().normalize();
    private static final Path JAR = Path.of(System.getProperty("evenkeel.jar")).normalize();
    private static final Duration BOUND = Duration.ofMinutes(15);

    @TempDir
    private static Path temp;

    private static Path sources;
    private static Path release;
    private static boolean signed;

    @BeforeAll
    static void buildsARelease() throws IOException, InterruptedException {
        sources = temp.resolve("sources");
        release = temp.resolve("release");
        copySources(ROOT, sources);
        signed = Programs.areInstalled("gpg", "gpgconf");
        List<String> command = new ArrayList<>(List.of(
                "./mvnw",
                "--batch-mode",
                "-Prelease",
                "deploy",
                "-Dmaven.test.skip=true",
                "-pl",
                "stacks,certs/cli",
                "-am",
                "-DaltDeploymentRepository=release::file:" + release));
        if (signed) {
            Path keys = Files.createDirectory(gpgHome());
            assertThat(keys.toFile().setReadable(false, false) && keys.toFile().setReadable(true, true))
                    .isTrue();
            run(
                    sources,
                    "gpg",
                    "--batch",
                    "--homedir",
                    keys.toString(),
                    "--passphrase",
                    "",
                    "--quick-generate-key",
                    "Throw-away <release-test@evenkeel.invalid>",
                    "ed25519",
                    "sign",
                    "never");
            command.add("-Dgpg.homedir=" + keys);
        } else {
            command.add("-Dgpg.skip=true");
        }
        run(sources, command.toArray(String[]::new));
    }

    /** The agent outlives the commands that started it. */
    @AfterAll
    static void stopsTheAgent() throws IOException, InterruptedException {
        if (signed) {
            run(temp, "gpgconf", "--homedir", gpgHome().toString(), "--kill", "all");
        }
    }

    @Test
    void theJarIsTheSameByteForByteWhereverItIsBuilt() throws IOException {
        Path again = sources.resolve("stacks/target").resolve(JAR.getFileName());

        assertThat(Files.mismatch(JAR, again))
                .as("first byte that differs between %s and %s", JAR, again)
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evenkeel", "evenkeel-protocols", "evenkeel-certs-library", "evenkeel-certs"})
    void eachArtifactHasWhatMavenCentralAsksFor(String artifact) throws IOException {
        List<String> files = filesOf(artifact);

        assertThat(files)
                .anyMatch(file -> file.endsWith("-sources.jar"))
                .anyMatch(file -> file.endsWith("-javadoc.jar"))
                .anyMatch(file -> file.endsWith("-cyclonedx.json"))
                .anyMatch(file -> file.endsWith(".pom"));
        for (String file : files) {
            if (file.endsWith(".jar") || file.endsWith(".pom")) {
                assertThat(files).contains(file + ".md5", file + ".sha1");
            }
        }
    }

    @Test
    void thePomsSayWhoseTheProjectIs() throws IOException {
        String parent = Files.readString(single("evenkeel-parent", ".pom"));

        assertThat(parent)
                .contains("<name>", "<description>", "<url>", "<licenses>", "<developers>", "<scm>")
                .doesNotContain("<scope>system");
        assertThat(Files.readString(single("evenkeel", ".pom"))).doesNotContain("<scope>system");
    }

    @Test
    void nothingInternalIsPublished() throws IOException {
        try (Stream<Path> artifacts = Files.list(release.resolve("io/evenkeel"))) {
            assertThat(artifacts.map(dir -> dir.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "evenkeel-parent",
                            "evenkeel-certs-library",
                            "evenkeel-certs",
                            "evenkeel-protocols",
                            "evenkeel");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evenkeel-parent", "evenkeel", "evenkeel-protocols", "evenkeel-certs-library", "evenkeel-certs"})
    void eachFileIsSigned(String artifact) throws IOException, InterruptedException {
        assumeTrue(signed, "gpg is not installed");
        List<String> files = filesOf(artifact);
        List<String> toSign = files.stream()
                .filter(file -> file.matches(".*\\.(jar|pom|json|xml)") && !file.startsWith("maven-metadata"))
                .toList();

        assertThat(toSign).isNotEmpty();
        for (String file : toSign) {
            Path signature = folderOf(artifact).resolve(file + ".asc");
            run(
                    temp,
                    "gpg",
                    "--batch",
                    "--homedir",
                    gpgHome().toString(),
                    "--verify",
                    signature.toString(),
                    folderOf(artifact).resolve(file).toString());
        }
    }

    @Test
    void theBillOfMaterialsNamesWhatTheJarBrings() throws IOException {
        JsonNode components = new ObjectMapper()
                .readTree(single("evenkeel", "-cyclonedx.json").toFile())
                .get("components");

        assertThat(components.findValuesAsText("name"))
                .contains("jgroups-kubernetes", "netty-tcnative-boringssl-static", "evenkeel-protocols")
                .doesNotContain("evenkeel-keycloak-api", "junit-jupiter");
    }

    @Test
    void aProjectOutsideOfTheBuildCompilesAgainstItAndStartsAChannel() throws IOException, InterruptedException {
        Path consumer = temp.resolve("consumer");
        copySources(Path.of("src/test/consumer").toAbsolutePath(), consumer);
        Path classPath = consumer.resolve("class.path");
        run(
                sources,
                "./mvnw",
                "--batch-mode",
                "-f",
                consumer.resolve("pom.xml").toString(),
                "compile",
                "dependency:build-classpath",
                "-Dmdep.outputFile=" + classPath,
                "-Drelease.url=" + release.toUri(),
                "-Devenkeel.version=" + version(),
                // What it takes from the release goes nowhere else.
                "-Dmaven.repo.local=" + temp.resolve("repository"),
                "-Dmaven.repo.local.tail=" + localRepository());

        List<String> output = run(
                consumer,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dconsumer.port=" + new Ports(new Random()).free(),
                "-cp",
                consumer.resolve("target/classes") + ":" + Files.readString(classPath),
                "example.Consumer");

        assertThat(output).contains("members: 2");
    }

    private static String version() {
        return JAR.getFileName().toString().replaceAll("^evenkeel-|\\.jar$", "");
    }

    /** Where this build has its libraries from: a jar of JUnit lies eight folders below or so. */
    private static Path localRepository() {
        Path jar = Path.of(
                Test.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path folder = jar.getParent();
        while (!folder.resolve("org/junit").toFile().isDirectory()) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Path gpgHome() {
        return temp.resolve("gnupg");
    }

    private static Path folderOf(String artifact) {
        return release.resolve("io/evenkeel").resolve(artifact).resolve(version());
    }

    private static List<String> filesOf(String artifact) throws IOException {
        try (Stream<Path> files = Files.list(folderOf(artifact))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Path single(String artifact, String end) throws IOException {
        List<String> found =
                filesOf(artifact).stream().filter(file -> file.endsWith(end)).toList();
        assertThat(found).hasSize(1);
        return folderOf(artifact).resolve(found.get(0));
    }

    /** All but what a build makes. */
    private static void copySources(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                if (dir.getFileName().toString().equals("target")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(dir).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<String> run(Path folder, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(temp, "command", ".log");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        try (ChildProcess child = ChildProcess.start(List.of(command), folder, environment, log)) {
            assertThat(child.waitFor(BOUND))
                    .as(() -> String.join(" ", command) + "\n" + text(log))
                    .contains(0);
        }
        return Files.readAllLines(log);
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
