package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs and configurations of {@code docs/operate/without-keycloak.md}, taken out of the page and run twice
 * each.
 */
class WithoutKeycloakPageTest {
    private static final Pattern FILE = Pattern.compile("`(\\S+\\.(?:xml|java))`\\R```\\w+\\R(.*?)```", Pattern.DOTALL);
    private static final String PASSWORD = "secret";

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private Server database;

    @BeforeEach
    void prepare() throws Exception {
        Matcher page = FILE.matcher(Files.readString(Path.of("..", "docs", "operate", "without-keycloak.md")));
        while (page.find()) {
            Files.writeString(directory.resolve(page.group(1)), page.group(2));
        }
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        Instant until = now.plus(Duration.ofHours(1));
        CertificateAuthority authority = CertificateAuthority.create("CN=Test CA", now, until, random);
        MaterialWriter.writeKeyStore(
                store("keystore.p12"), authority.issue(CertificateSpec.node("CN=node", now, until), random));
        MaterialWriter.writeTrustStore(store("truststore.p12"), List.of(authority.certificate()));
        database = Server.createTcpServer(
                        "-tcpPort",
                        "0",
                        "-ifNotExists",
                        "-baseDir",
                        directory.resolve("database").toString())
                .start();
    }

    private StoreFile store(String name) {
        return new StoreFile(directory.resolve(name), "PKCS12", PASSWORD.toCharArray());
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        database.stop();
    }

    /** Starts a program in the directory of its files. */
    private Process start(String program) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-Djava.net.preferIPv4Stack=true",
                        "-Dbind=127.0.0.1",
                        "-Djgroups.bind.address=127.0.0.1",
                        "-Dtls=" + directory,
                        "-Dtls.password=" + PASSWORD,
                        "-Ddb.url=jdbc:h2:" + database.getURL() + "/leases",
                        "-Ddb.user=sa",
                        "-Ddb.password=",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        program)
                .directory(directory.toFile())
                .redirectError(directory.resolve("errors-" + processes.size()).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads on until the line comes. */
    private void awaitLine(BufferedReader output, String expected) throws IOException {
        List<String> read = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            read.add(line);
            if (line.equals(expected)) {
                return;
            }
        }
        assertThat(read).as("ended without; it said: %s", errors()).contains(expected);
    }

    private String errors() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < processes.size(); i++) {
            all.append(Files.readString(directory.resolve("errors-" + i)));
        }
        return all.toString();
    }

    private static void type(Process process, String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private static void end(Process process) throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void plainJGroups() throws Exception {
        Process first = start("Chat.java");
        BufferedReader firstOutput = output(first);
        awaitLine(firstOutput, "members: 1");
        Process second = start("Chat.java");
        BufferedReader secondOutput = output(second);
        awaitLine(firstOutput, "members: 2");
        awaitLine(secondOutput, "members: 2");

        type(second, "good morning");
        awaitLine(firstOutput, "received: good morning");
        awaitLine(secondOutput, "received: good morning");
        end(second);
        awaitLine(firstOutput, "members: 1");
        end(first);
    }

    @Test
    void infinispan() throws Exception {
        Process first = start("Greetings.java");
        BufferedReader firstOutput = output(first);
        awaitLine(firstOutput, "members: 1, greetings: 1");
        Process second = start("Greetings.java");
        BufferedReader secondOutput = output(second);
        awaitLine(secondOutput, "members: 2, greetings: 2");

        type(first, "world");
        awaitLine(firstOutput, "members: 2, greetings: 3");
        type(second, "moon");
        awaitLine(secondOutput, "members: 2, greetings: 4");
        end(second);
        end(first);
    }
}
