package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members whose database is behind pgbouncer in transaction mode: their statements meet another session of the server
 * each time.
 */
class JDBC_PING_LEASE_PgBouncerTest {
    /** Above it PostgreSQL's driver would prepare the statement of the beat on the server. */
    private static final int BEATS = 20;

    @TempDir
    Path directory;

    private final TestMembers members = new TestMembers();
    private Postgres database;
    private Process bouncer;
    private int port;

    private static Optional<Path> program() {
        return Stream.concat(
                        Stream.of(Objects.toString(System.getenv("PATH"), "").split(":", -1)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @BeforeEach
    void start() throws Exception {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "pgbouncer is not installed here");
        database = Postgres.trusting(Files.createDirectory(directory.resolve("data")));
        port = TestPorts.free();
        Path configuration = Files.writeString(
                directory.resolve("pgbouncer.ini"),
                """
                [databases]
                postgres = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 3
                server_round_robin = 1
                ignore_startup_parameters = extra_float_digits
                """
                        .formatted(database.port(), port));
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root.
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(configuration.toString());
        bouncer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("pgbouncer.log").toFile())
                .start();
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        members.close();
        if (bouncer != null) {
            bouncer.destroyForcibly();
            assertThat(bouncer.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
        if (database != null) {
            database.close();
        }
    }

    private JChannel connect(String name) throws Exception {
        JDBC_PING_LEASE ping = new JDBC_PING_LEASE()
                .setConnectionUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres")
                .setConnectionUsername("postgres")
                .setConnectionPassword("");
        LeaseNode.patientLease(ping);
        return members.channel(name, TestMembers.secure(), ping).connect("bounced");
    }

    private static JDBC_PING_LEASE pingOf(JChannel channel) {
        return channel.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
    }

    @Test
    void membersJoinBeatAndLeaveWithoutAnErrorOfTheDatabase() throws Exception {
        JChannel a = connect("A");
        JChannel b = connect("B");
        JChannel c = connect("C");
        TestMembers.awaitView(3, a, b, c);
        List<JChannel> all = List.of(a, b, c);
        await().until(() -> all.stream().allMatch(member -> pingOf(member).getBeats() >= BEATS));
        for (JChannel member : all) {
            assertThat(pingOf(member).getDatabaseErrors()).isZero();
            assertThat(pingOf(member).getEvictions()).isZero();
            assertThat(pingOf(member).getReentries()).isZero();
        }
        a.close();
        TestMembers.awaitView(2, b, c);
        await().until(() -> pingOf(b).getLiveRows() == 2);
        assertThat(pingOf(b).getDatabaseErrors()).isZero();
    }
}
