package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.TestPorts;
import io.fabric8.mockwebserver.DefaultMockServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cold processes that share a fifth of a core: a joiner whose first TLS handshake takes seconds founds no second
 * cluster. {@code -Devenkeel.overload.rounds=N} runs N rounds; by itself none, as one takes half a minute and more.
 */
@Timeout(1800)
class OverloadedJoinTest {
    private static final int ROUNDS = Integer.getInteger("evenkeel.overload.rounds", 0);
    private static final Path CGROUP_V1 = Path.of("/sys/fs/cgroup/cpu");
    private static final Path CGROUP_V2 = Path.of("/sys/fs/cgroup");
    private static final String PERIOD_US = "100000";
    private static final String QUOTA_US = "20000";
    private static final String FIRST = "127.0.0.1";
    private static final String SECOND = "127.0.0.2";

    @TempDir
    Path stores;

    private Path group;

    @BeforeEach
    void limitProcessors() throws Exception {
        assumeTrue(ROUNDS > 0, "set -Devenkeel.overload.rounds=N; a round takes half a minute and more");
        group = makeGroup();
        assumeTrue(group != null, "no control group for processors can be made here: needs root and cgroup v1 or v2");
    }

    private static Path makeGroup() {
        String name = "evenkeel-" + UUID.randomUUID();
        try {
            if (Files.exists(CGROUP_V1.resolve("cpu.cfs_quota_us"))) {
                Path made = Files.createDirectory(CGROUP_V1.resolve(name));
                Files.writeString(made.resolve("cpu.cfs_period_us"), PERIOD_US);
                Files.writeString(made.resolve("cpu.cfs_quota_us"), QUOTA_US);
                return made;
            }
            Path made = Files.createDirectory(CGROUP_V2.resolve(name));
            Files.writeString(made.resolve("cpu.max"), QUOTA_US + " " + PERIOD_US);
            return made;
        } catch (IOException e) {
            return null;
        }
    }

    @AfterEach
    void removeGroup() throws Exception {
        if (group != null) {
            Files.delete(group);
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", OverloadedMember.PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    /** As Keycloak's automatic certificate: one of RSA with 2048 bits, signed by itself, which all members share. */
    private void makeStores() throws Exception {
        String keys = stores.resolve("keystore").toString();
        String file = stores.resolve("certificate").toString();
        keytool(
                "-genkeypair",
                "-alias",
                "n",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=node",
                "-keystore",
                keys);
        keytool("-exportcert", "-alias", "n", "-keystore", keys, "-file", file);
        String trusted = stores.resolve("truststore").toString();
        keytool("-importcert", "-noprompt", "-alias", "ca", "-file", file, "-keystore", trusted);
    }

    private Process start(String stack, String address, int port, List<String> discovery) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                classPath,
                OverloadedMember.class.getName(),
                stores.toString(),
                stack,
                address,
                String.valueOf(port)));
        command.addAll(discovery);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String joined(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("joined")) {
            line = out.readLine();
        }
        return line;
    }

    private static void end(Process process) throws Exception {
        process.destroyForcibly();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aColdJoinerJoinsOnStatic() throws Exception {
        rounds(
                "evenkeel-static",
                port -> List.of(String.format(Locale.ROOT, "initial_hosts=%s[%d],%s[%d]", FIRST, port, SECOND, port)));
    }

    @Test
    void aColdJoinerJoinsOnDns() throws Exception {
        try (DnsServer dns = new DnsServer(FIRST, SECOND)) {
            List<String> discovery = List.of("dns_query=members.example", "dns_address=" + dns.address());
            rounds("evenkeel-dns", port -> discovery);
        }
    }

    @Test
    void aColdJoinerJoinsOnKube() throws Exception {
        DefaultMockServer api = new DefaultMockServer(true);
        api.start();
        try {
            String pods = Stream.of(FIRST, SECOND)
                    .map(ip -> "{\"metadata\":{\"name\":\"" + ip + "\"},\"status\":{\"podIP\":\"" + ip
                            + "\",\"phase\":\"Running\"}}")
                    .collect(Collectors.joining(",", "{\"items\":[", "]}"));
            api.expect()
                    .get()
                    .withPath("/api/v1/namespaces/keycloak/pods?labelSelector=app%3Dkeycloak")
                    .andReturn(200, pods)
                    .always();
            Path token = Files.writeString(stores.resolve("token"), "token");
            List<String> discovery = List.of(
                    "masterHost=localhost",
                    "masterPort=" + api.getPort(),
                    "namespace=keycloak",
                    "labels=app=keycloak",
                    "port_range=0",
                    "caCertFile=" + api.getSelfSignedCertificate().certificatePath(),
                    "saTokenFile=" + token);
            rounds("evenkeel-kube", port -> discovery);
        } finally {
            api.shutdown();
        }
    }

    @Test
    void aColdJoinerJoinsOnJdbc() throws Exception {
        Server database =
                Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        try {
            rounds(
                    "evenkeel-jdbc",
                    port -> List.of("connection_url=jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/mem:round" + port
                            + ";DB_CLOSE_DELAY=-1"));
        } finally {
            database.stop();
        }
    }

    private void rounds(String stack, IntFunction<List<String>> discovery) throws Exception {
        makeStores();
        for (int round = 1; round <= ROUNDS; round++) {
            int port = TestPorts.free();
            Process a = start(stack, FIRST, port, discovery.apply(port));
            try {
                String first = joined(a);
                Process b = start(stack, SECOND, port, discovery.apply(port));
                try {
                    String second = joined(b);
                    System.out.printf("%s, round %d: %s; %s%n", stack, round, first, second);
                    assertThat(first).startsWith("joined 1 ");
                    assertThat(second).as("round " + round).startsWith("joined 2 ");
                } finally {
                    end(b);
                }
            } finally {
                end(a);
            }
        }
    }
}
