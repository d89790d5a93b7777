package io.evenkeel.it.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.bench.grid.GridWorker;
import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.ShortRun;
import io.evenkeel.it.node.TempDir;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * THE jar and one with a later version stamp in one cluster of Infinispan nodes, over TLS and one lease table: an
 * upgrade node by node, and the way back.
 */
class UpgradeTest {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final Path JAR = Path.of(System.getProperty("evenkeel.jar")).normalize();
    private static final int ENTRIES = 500;

    private final TempDir dir = TempDir.create();
    private final Ports ports = new Ports(new SecureRandom());
    private final List<ChildJvm> nodes = new ArrayList<>();
    private Postgres postgres;
    private Path stack;

    @BeforeEach
    void startDatabase() throws Exception {
        postgres = Postgres.start(dir.path().resolve("postgres"), ports.free(), Caches.ofUser());
        stack = stack(
                postgres.createDatabase("upgrade"),
                KeyFiles.create(dir.path(), new SecureRandom()).attributes());
    }

    @AfterEach
    void closeAll() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
        postgres.close();
        ports.close();
        dir.close();
    }

    @Test
    void nodesOfTwoVersionsTakeEachOthersMessagesAndState() throws Exception {
        Path later = StampedJar.later(JAR, dir.path());

        ChildJvm old = join("old", JAR, 1);
        fill(old, 0);
        ChildJvm upgraded = join("upgraded", later, 2);
        assertThat(entries(upgraded)).as("state from the older node").isEqualTo(ENTRIES);
        fill(upgraded, ENTRIES);
        assertThat(entries(old)).as("messages from the newer node").isEqualTo(2 * ENTRIES);
        awaitSaid(old, "runs Evenkeel " + StampedJar.LATER);
        awaitSaid(upgraded, "this member Evenkeel " + StampedJar.LATER);

        leave(old);
        assertThat(entries(upgraded)).as("after the leave of the older node").isEqualTo(2 * ENTRIES);

        ChildJvm back = join("back", JAR, 2);
        assertThat(entries(back)).as("state from the newer node").isEqualTo(2 * ENTRIES);
        leave(upgraded);
        assertThat(entries(back)).as("after the leave of the newer node").isEqualTo(2 * ENTRIES);

        assertThat(nodes).allSatisfy(node -> assertThat(node.said(line ->
                        line.contains("OTHER_FORMAT") || line.contains("Exception") || line.contains("run the same")))
                .isEmpty());
    }

    private ChildJvm join(String name, Path jar, int members) throws InterruptedException {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx256m",
                "-Djava.net.preferIPv4Stack=true",
                // Else it takes slf4j, which the PostgreSQL of the tests brings and nobody listens to.
                "-Djgroups.use.jdk_logger=true",
                "-Djgroups.bind.address=127.0.0.1",
                "-Djgroups.bind.port=" + ports.free()));
        options.addAll(ShortRun.JVM_OPTIONS);
        ChildJvm node = ChildJvm.start(
                name,
                options,
                classPathWith(jar),
                GridWorker.class,
                name,
                stack.toString(),
                "1",
                "2",
                "0",
                "IN_TURN",
                "true");
        nodes.add(node);
        node.awaitReady();
        ask(node, "view " + members + " " + Long.MIN_VALUE, "view");
        ask(node, "settle " + members, "settled");
        return node;
    }

    private void leave(ChildJvm node) throws InterruptedException {
        ask(node, "leave", "left");
        node.close();
    }

    private static void fill(ChildJvm node, int from) throws InterruptedException {
        ask(node, "fill " + from + " " + (from + ENTRIES) + " 1000", "filled");
    }

    private static int entries(ChildJvm node) throws InterruptedException {
        return Integer.parseInt(ask(node, "entries", "entries").get(0));
    }

    private static List<String> ask(ChildJvm node, String command, String topic) throws InterruptedException {
        node.tell(command);
        return node.answer(topic, BOUND);
    }

    private static void awaitSaid(ChildJvm node, String words) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(node.said(line -> line.contains(words)))
                .isNotEmpty());
    }

    private static String classPathWith(Path jar) {
        List<String> entries =
                Arrays.asList(System.getProperty("java.class.path").split(":", -1));
        assertThat(entries).as("THE jar is on the class path").anyMatch(entry -> isProduct(Path.of(entry)));
        return entries.stream()
                .map(entry -> isProduct(Path.of(entry)) ? jar.toString() : entry)
                .collect(Collectors.joining(":"));
    }

    private static boolean isProduct(Path entry) {
        return entry.normalize().equals(JAR);
    }

    private Path stack(Database database, Map<String, String> keys) throws IOException {
        String xml;
        try (InputStream resource =
                UpgradeTest.class.getClassLoader().getResourceAsStream("evenkeel/evenkeel-jdbc.xml")) {
            xml = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        String discovery = attributes(Map.of(
                "connection_url", database.jdbcUrl(),
                "connection_username", database.owner().user(),
                "connection_password", database.owner().password()));
        Path file = dir.path().resolve("stack.xml");
        Files.writeString(
                file,
                xml.replace(
                                "<io.evenkeel.protocols.JDBC_PING_LEASE",
                                "<io.evenkeel.protocols.JDBC_PING_LEASE" + discovery)
                        .replace(
                                "<io.evenkeel.protocols.TCP_NETTY",
                                "<io.evenkeel.protocols.TCP_NETTY" + attributes(keys)));
        return file;
    }

    private static String attributes(Map<String, String> values) {
        return values.entrySet().stream()
                .map(each -> " " + each.getKey() + "=\"" + each.getValue() + "\"")
                .collect(Collectors.joining());
    }
}
