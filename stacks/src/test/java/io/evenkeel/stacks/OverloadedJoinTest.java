package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cold processes that share a fifth of a core: a joiner whose first TLS handshake takes seconds founds no second cluster.
 * {@code -Devenkeel.overload.rounds=N} runs N rounds; by itself none, as one takes half a minute and more.
 */
@Timeout(1800)
class OverloadedJoinTest {
    private static final int ROUNDS = Integer.getInteger("evenkeel.overload.rounds", 0);
    private static final Path CGROUP_V1 = Path.of("/sys/fs/cgroup/cpu");
    private static final Path CGROUP_V2 = Path.of("/sys/fs/cgroup");
    private static final String PERIOD_US = "100000";
    private static final String QUOTA_US = "20000";

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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process start(int port, String hosts) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
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
                        String.valueOf(port),
                        hosts)
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
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aColdJoinerJoins() throws Exception {
        makeStores();
        for (int round = 1; round <= ROUNDS; round++) {
            int first = freePort();
            int second = freePort();
            String hosts = String.format(Locale.ROOT, "127.0.0.1[%d],127.0.0.1[%d]", first, second);
            Process a = start(first, hosts);
            try {
                assertThat(joined(a)).isEqualTo("joined 1");
                Process b = start(second, hosts);
                try {
                    assertThat(joined(b)).as("round " + round).isEqualTo("joined 2");
                } finally {
                    end(b);
                }
            } finally {
                end(a);
            }
        }
    }
}
