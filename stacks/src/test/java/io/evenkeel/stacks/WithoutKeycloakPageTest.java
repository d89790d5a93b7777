package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.ShortRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private static final Duration BOUND = Duration.ofMinutes(10);
    private static final String PASSWORD = "secret";

    @TempDir
    Path directory;

    private final List<ChildJvm> processes = new ArrayList<>();
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
    void end() {
        processes.forEach(ChildJvm::kill);
        database.stop();
    }

    /** Starts a program in the directory of its files. */
    private ChildJvm start(String program) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(ShortRun.JVM_OPTIONS);
        command.addAll(List.of(
                "-Djava.net.preferIPv4Stack=true",
                "-Dbind=127.0.0.1",
                "-Djgroups.bind.address=127.0.0.1",
                "-Dtls=" + directory,
                "-Dtls.password=" + PASSWORD,
                "-Ddb.url=jdbc:h2:" + database.getURL() + "/leases",
                "-Ddb.user=sa",
                "-Ddb.password=",
                "-cp",
                System.getProperty("java.class.path"),
                program));
        ChildJvm process = ChildJvm.start(program, new ProcessBuilder(command).directory(directory.toFile()));
        processes.add(process);
        return process;
    }

    private static void awaitLine(ChildJvm process, String expected) throws InterruptedException {
        process.await(expected::equals, expected, BOUND);
    }

    private static void end(ChildJvm process) throws Exception {
        assertThat(process.end(BOUND)).isZero();
    }

    @Test
    void plainJGroups() throws Exception {
        ChildJvm first = start("Chat.java");
        awaitLine(first, "members: 1");
        ChildJvm second = start("Chat.java");
        awaitLine(first, "members: 2");
        awaitLine(second, "members: 2");

        second.send("good morning");
        awaitLine(first, "received: good morning");
        awaitLine(second, "received: good morning");
        end(second);
        awaitLine(first, "members: 1");
        end(first);
    }

    @Test
    void infinispan() throws Exception {
        ChildJvm first = start("Greetings.java");
        awaitLine(first, "members: 1, greetings: 1");
        ChildJvm second = start("Greetings.java");
        awaitLine(second, "members: 2, greetings: 2");

        first.send("world");
        awaitLine(first, "members: 2, greetings: 3");
        second.send("moon");
        awaitLine(second, "members: 2, greetings: 4");
        end(second);
        end(first);
    }
}
