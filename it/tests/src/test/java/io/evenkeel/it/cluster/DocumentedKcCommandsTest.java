package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ChildProcess;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakHome;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodeLog;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Programs;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.TestCa;
import io.evenkeel.it.node.Waits;
import io.evenkeel.it.product.CodeBlock;
import io.evenkeel.it.product.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands with {@code kc.sh} on the pages, run word for word on a host of their own: Keycloak lies in
 * {@code /opt/keycloak}, the keys in {@code /tls}, and its address is that of docs/operate/install.md. Keycloak's file
 * database serves one node without any other host.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedKcCommandsTest {
    private static final Path INSTALL = Path.of("docs/operate/install.md");
    private static final Path CONTAINERS = Path.of("docs/operate/containers.md");
    private static final String KC = "(?:/opt/keycloak/bin/)?kc\\.sh";
    private static final Pattern RUNS_KC = Pattern.compile("(?m)^" + KC + " ");
    /** Not one of the pages' commands is another one. */
    private static final Pattern KNOWN =
            Pattern.compile(KC + " (?:build|start|update-compatibility) ?.*", Pattern.DOTALL);
    /** The build of this repository, whose jar is there. */
    private static final Pattern OWN_BUILD = Pattern.compile("(?m)^\\./mvnw .*\n");

    private static final String ADDRESS = "10.0.0.11";
    private static final Pattern LISTENS =
            Pattern.compile("listening on " + Pattern.quote(ADDRESS) + ":7800 .*TLSv1\\.3");
    private static final Pattern STARTED = Pattern.compile("Keycloak \\S+ on JVM .* started in");
    private static final Pattern VIEW = Pattern.compile("ISPN000094");

    private static final String IN_WORK = "cd /work\nexport PATH=/opt/keycloak/bin:$PATH\n";

    /** 128 + SIGTERM, SuccessExitStatus of the unit on the page. */
    private static final int ENDED_BY_SIGTERM = 143;

    /** Options that the pages leave to the reader. */
    private static final Map<String, String> READERS = Map.of(
            "KC_HOSTNAME_STRICT", "false", "KC_HTTP_ENABLED", "true", "JAVA_OPTS_KC_HEAP", NodeConfig.DEFAULT_HEAP);

    private final Map<String, String> environment = new HashMap<>();

    private Path files;

    private Sandbox sandbox;
    private KeycloakCluster homes;
    private Path work;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        files = directory;
        ContainerRoot.obstacle().ifPresent(obstacle -> assumeTrue(false, obstacle));
        sandbox = RealKeycloak.sandbox();
        homes = sandbox.newCluster("commands", HomeSpec.STOCK);
        environment.putAll(System.getenv());
        environment.putAll(READERS);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
        work = Files.createDirectory(files.resolve("work"));
        Path target = Files.createDirectories(work.resolve("stacks/target"));
        Files.copy(sandbox.productJar(), work.resolve(sandbox.productJar().getFileName()));
        Files.copy(sandbox.productJar(), target.resolve(sandbox.productJar().getFileName()));
        TestCa keys = new TestCa(Files.createDirectory(files.resolve("tls")), "unused", new SecureRandom());
        keys.pem("tls", "CN=node.keycloak.svc");
    }

    @AfterAll
    void close() throws Exception {
        RealKeycloak.closeInOrder(homes, sandbox);
    }

    /** Up to the unit's way to start and stop it, and the table of what to expect. */
    @Test
    void thePageThatInstalls() throws Exception {
        Path home = freshHome("install");
        List<CodeBlock> blocks = CodeBlock.of(INSTALL);
        run("install", home, blocks.get(0).text());
        for (CodeBlock configuration : blocks.subList(1, 3)) {
            Files.writeString(
                    home.resolve("conf/keycloak.conf"), "\n" + configuration.text(), StandardOpenOption.APPEND);
        }
        Matcher unit =
                Pattern.compile("(?m)^ExecStart=(.*)$").matcher(blocks.get(3).text());
        assertThat(unit.find()).isTrue();
        assertThat(blocks.get(3).text()).contains("SuccessExitStatus=" + ENDED_BY_SIGTERM + "\n", "KillMode=mixed\n");
        startAndStop("unit", home, unit.group(1));
    }

    @Test
    void eachOtherCommand() throws Exception {
        Path home = freshHome("others");
        run("install", home, CodeBlock.of(INSTALL).get(0).text());
        Files.writeString(
                home.resolve("conf/keycloak.conf"),
                "\ncache-embedded-network-bind-address=" + ADDRESS + "\n",
                StandardOpenOption.APPEND);
        for (Map.Entry<String, Path> file :
                OneProtocolPage.writeFilesInto(files).entrySet()) {
            Files.copy(file.getValue(), home.resolve("conf").resolve(file.getKey()));
        }
        Map<String, List<String>> commands = commands();
        assertThat(commands.keySet())
                .contains("README.md", "UPGRADING.md", "docs/operate/tls.md", "docs/operate/one-protocol-at-a-time.md");
        int number = 0;
        for (Map.Entry<String, List<String>> page : commands.entrySet()) {
            for (String command : page.getValue()) {
                String name = "command-" + number++;
                int start = command.lastIndexOf("kc.sh start ");
                if (start < 0) {
                    run(name, home, command);
                } else {
                    int line = command.lastIndexOf('\n', start) + 1;
                    run(name, home, command.substring(0, line));
                    startAndStop(name, home, command.substring(line));
                }
            }
        }
    }

    /** The steps of the Containerfile in the place of a container engine, up to a node that has started. */
    @Test
    void theContainerfile() throws Exception {
        Path home = freshHome("container");
        Containerfile steps = Containerfile.parse(containerfile());
        assertThat(steps.images()).containsOnly("quay.io/keycloak/keycloak:" + System.getProperty("keycloak.version"));
        // The files of the image belong to this user.
        run("image", home, steps.build() + "chown -R 1000:0 /opt/keycloak\n");

        Map<String, String> pod = new HashMap<>(environment);
        Database database = sandbox.postgres().createDatabase("image");
        NodePorts ports = sandbox.ports().freeForNode();
        pod.put("KC_DB_URL", database.jdbcUrl());
        pod.put("KC_DB_USERNAME", database.owner().user());
        pod.put("KC_DB_PASSWORD", database.owner().password());
        pod.put("KC_HTTP_PORT", Integer.toString(ports.http()));
        pod.put("KC_HTTP_MANAGEMENT_PORT", Integer.toString(ports.management()));
        pod.put("KC_CACHE_EMBEDDED_NETWORK_BIND_PORT", Integer.toString(ports.jgroups()));
        pod.put("KC_CACHE_EMBEDDED_NETWORK_BIND_ADDRESS", "127.0.0.1");
        Path log = files.resolve("container.log");
        try (ChildProcess node = start(root(home).run(1000, 0, steps.start()), log, pod)) {
            awaitLine(node, log, STARTED);
            awaitLine(node, log, Pattern.compile("listening on 127\\.0\\.0\\.1:" + ports.jgroups() + " .*TLSv1\\.3"));
            node.requestStop();
            assertThat(node.waitFor(BOUND)).hasValue(ENDED_BY_SIGTERM);
        }
    }

    /** With the base image at hand; there is no network to pull it over. */
    @Test
    void aContainerEngineMakesTheImage() throws Exception {
        String file = containerfile();
        List<String> images = Containerfile.parse(file).images();
        assumeTrue(Programs.areInstalled("docker"), "docker is not installed");
        assumeTrue(docker("info") == 0, "no container engine answers");
        assumeTrue(docker("image", "inspect", images.get(0)) == 0, images.get(0) + " is not at hand");
        Files.writeString(work.resolve("Containerfile"), file);
        String tag = "evenkeel-test-" + ProcessHandle.current().pid();
        assertThat(docker("build", "--tag", tag, "--file", "Containerfile", "."))
                .isZero();
        assertThat(docker("image", "rm", tag)).isZero();
    }

    private int docker(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        try (ChildProcess docker = ChildProcess.start(command, work, System.getenv(), files.resolve("docker.log"))) {
            return docker.waitFor(BOUND).orElseThrow();
        }
    }

    private static String containerfile() throws IOException {
        return CodeBlock.of(CONTAINERS).stream()
                .filter(block -> block.language().equals("dockerfile"))
                .map(CodeBlock::text)
                .findFirst()
                .orElseThrow();
    }

    /** By the page, in the order of the pages. A mere mention of kc.sh or of a command of it is none. */
    private static Map<String, List<String>> commands() throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        for (Path page : Pages.all()) {
            List<String> found = new ArrayList<>();
            for (CodeBlock block : CodeBlock.of(page)) {
                if (block.language().isEmpty() && RUNS_KC.matcher(block.text()).find() && !page.equals(INSTALL)) {
                    found.add(OWN_BUILD.matcher(block.text()).replaceAll(""));
                }
            }
            CodeBlock.withinSentences(page).stream()
                    .filter(code -> code.startsWith("kc.sh ") && code.contains(" --"))
                    .forEach(found::add);
            if (!found.isEmpty()) {
                all.put(page.toString(), found);
            }
        }
        return all;
    }

    private Path freshHome(String name) {
        NodeConfig config = NodeConfig.of(name, null, new NodePorts(0, 0, 0), null, null);
        KeycloakHome home = homes.add(config).home();
        return home.dir();
    }

    /** Runs lines to their end. */
    private void run(String name, Path home, String lines) throws Exception {
        String text = withVersion(lines);
        assertThat(RUNS_KC.matcher(text)
                        .results()
                        .map(r -> text.substring(r.start()).lines().findFirst().orElse("")))
                .allMatch(line -> KNOWN.matcher(line).matches());
        Path log = files.resolve(name + "-run.log");
        try (ChildProcess child = start(root(home).runAlone(ADDRESS, "set -e\n" + IN_WORK + text), log, environment)) {
            assertThat(child.waitFor(BOUND))
                    .as(() -> text + "\n" + String.join("\n", new NodeLog(log).lines()))
                    .hasValue(0);
        }
    }

    /** As systemd does: SIGTERM to the script alone, whose status counts. */
    private void startAndStop(String name, Path home, String command) throws Exception {
        Path log = files.resolve(name + ".log");
        try (ChildProcess node = start(root(home).runAlone(ADDRESS, IN_WORK + "exec " + command), log, environment)) {
            awaitLine(node, log, STARTED);
            if (command.contains("evenkeel") || name.equals("unit")) {
                awaitLine(node, log, LISTENS);
            }
            awaitLine(node, log, VIEW);
            node.requestStop();
            assertThat(node.waitFor(BOUND)).as(command).hasValue(ENDED_BY_SIGTERM);
        }
    }

    private ChildProcess start(List<String> command, Path log, Map<String, String> variables) {
        return ChildProcess.start(command, files, variables, log);
    }

    private static void awaitLine(ChildProcess node, Path log, Pattern line) throws InterruptedException {
        NodeLog lines = new NodeLog(log);
        if (!Waits.until(() -> lines.find(line).isPresent() || !node.isAlive(), BOUND)
                || lines.find(line).isEmpty()) {
            fail("no " + line + " in\n" + String.join("\n", lines.lines()));
        }
    }

    private ContainerRoot root(Path home) throws IOException {
        return new ContainerRoot(Files.createTempDirectory(files, "root"))
                .withEmptyDir("/tmp")
                .with("/opt/keycloak", home)
                .with("/work", work)
                .withReadOnly("/tls", files.resolve("tls"));
    }

    private String withVersion(String text) {
        String version = sandbox.productJar().getFileName().toString().replaceAll("^evenkeel-|\\.jar$", "");
        return text.replace("<version>", version);
    }
}
