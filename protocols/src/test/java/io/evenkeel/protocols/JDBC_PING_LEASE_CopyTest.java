package io.evenkeel.protocols;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.Postgres;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/**
 * Members on a copy of the database that a living cluster uses, with its name and its certificates, as Keycloak's
 * automatic ones are copied with the database. All reach each other.
 */
class JDBC_PING_LEASE_CopyTest {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String PRODUCTION = "production";
    private static final String COPY = "copied";

    @TempDir
    static Path directory;

    private static Postgres database;
    private final TestMembers members = new TestMembers();
    private JChannel a;
    private JChannel b;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = Postgres.trusting(directory);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    @BeforeEach
    void startProduction() throws Exception {
        execute("postgres", "CREATE DATABASE " + PRODUCTION);
        execute("postgres", "CREATE DATABASE " + COPY);
        a = channel("A", PRODUCTION).connect("keel");
        b = channel("B", PRODUCTION).connect("keel");
        TestMembers.awaitView(2, a, b);
        await().atMost(BOUND).until(() -> names(PRODUCTION).equals(Set.of("A", "B")));
    }

    @AfterEach
    void stop() throws Exception {
        members.close();
        execute("postgres", "DROP DATABASE " + COPY + " WITH (FORCE)");
        execute("postgres", "DROP DATABASE " + PRODUCTION + " WITH (FORCE)");
    }

    private JChannel channel(String name, String databaseName) throws Exception {
        JDBC_PING_LEASE ping = LineLog.recording(JDBC_PING_LEASE::new);
        ping.setDataSource(database.dataSource(databaseName));
        LeaseNode.patientLease(ping);
        ping.setValue("probe_timeout", 5000L);
        return members.channel(name, TestMembers.secure(), ping);
    }

    private static JDBC_PING_LEASE pingOf(JChannel channel) {
        return channel.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
    }

    private static CompletableFuture<JChannel> connecting(JChannel channel) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return channel.connect("keel");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void execute(String databaseName, String sql) throws SQLException {
        try (Connection connection = database.dataSource(databaseName).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Set<String> names(String databaseName) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Connection connection = database.dataSource(databaseName).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT member_name FROM evenkeel_lease WHERE address <> '*founder*'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** A table as pg_dump writes and psql restores it. */
    private static void copyTable() throws Exception {
        ByteArrayOutputStream dump = new ByteArrayOutputStream();
        try (Connection from = database.dataSource(PRODUCTION).getConnection();
                Connection to = database.dataSource(COPY).getConnection();
                Statement create = to.createStatement();
                InputStream ddl = JDBC_PING_LEASE.class.getResourceAsStream("lease/sql/postgresql-ddl.sql")) {
            create.execute(
                    new String(ddl.readAllBytes(), StandardCharsets.UTF_8).replace("${table}", "evenkeel_lease"));
            from.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY evenkeel_lease TO STDOUT", dump);
            to.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY evenkeel_lease FROM STDIN", new ByteArrayInputStream(dump.toByteArray()));
        }
    }

    /** Long enough for MERGE3 and the lease table to have brought together what they can. */
    private void awaitTwentyBeatsOf(JChannel channel) {
        long beats = pingOf(channel).getBeats();
        await().atMost(BOUND).until(() -> pingOf(channel).getBeats() >= beats + 20);
    }

    private void assertProductionIsWhatItWas() throws SQLException {
        assertThat(names(PRODUCTION)).containsExactly("A", "B");
        for (JChannel member : new JChannel[] {a, b}) {
            assertThat(member.getView().getViewId().getId()).isEqualTo(1);
            assertThat(member.getView().size()).isEqualTo(2);
            assertThat(pingOf(member).getEvictions()).isZero();
            assertThat(pingOf(member).getReentries()).isZero();
            assertThat(pingOf(member).health()).isEqualTo(new LeaseHealth.Healthy());
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "3600000"})
    void membersOnACopySaySoAndFormAClusterOfTheirOwn(long ageMs) throws Exception {
        copyTable();
        execute(COPY, "UPDATE evenkeel_lease SET beat_at_ms = beat_at_ms - " + ageMs);
        JChannel c = channel("C", COPY);
        JChannel d = channel("D", COPY);
        CompletableFuture<JChannel> joiningC = connecting(c);
        CompletableFuture<JChannel> joiningD = connecting(d);
        joiningC.get(120, SECONDS);
        joiningD.get(120, SECONDS);
        TestMembers.awaitView(2, c, d);
        awaitTwentyBeatsOf(c);
        TestMembers.awaitView(2, a, b, c, d);
        assertProductionIsWhatItWas();
        assertThat(names(COPY)).containsExactly("C", "D");
        assertThat(LineLog.of(pingOf(c))).anySatisfy(line -> assertThat(line)
                .startsWith("WARN")
                .contains(
                        "cannot join keel yet: coordinator A at 127.0.0.1:",
                        "answers, but our row is not in the lease table that it reads",
                        "its row has not changed here for",
                        "this database is a copy",
                        "a name of its own"));
    }

    @Test
    void aJoinerStillFindsItsClusterAtOnceByAnOldRow() throws Exception {
        // The beats of A and B are late by their clocks, as after a failover to a database whose clock is ahead.
        execute(PRODUCTION, "UPDATE evenkeel_lease SET beat_at_ms = beat_at_ms - 3600000");
        JChannel c = channel("C", PRODUCTION).connect("keel");
        TestMembers.awaitView(3, a, b, c);
        assertThat(pingOf(a).getFounderEpoch()).isEqualTo(1);
    }

    @Test
    void aCopyThatIsReplicatedToIsNeverMergedWith() throws Exception {
        copyTable();
        JChannel c = channel("C", COPY);
        connecting(c).get(120, SECONDS);
        assertThat(names(COPY)).containsExactly("C");
        execute(PRODUCTION, "CREATE PUBLICATION leases FOR TABLE evenkeel_lease");
        execute(PRODUCTION, "SELECT pg_create_logical_replication_slot('leases', 'pgoutput')");
        execute(
                COPY,
                "CREATE SUBSCRIPTION leases CONNECTION 'host=127.0.0.1 port=" + database.port()
                        + " user=postgres dbname=" + PRODUCTION
                        + "' PUBLICATION leases WITH (create_slot = false, slot_name = 'leases', copy_data = false)");
        try {
            // Rows of A and B come back with an insert: they leave the table of production for a moment.
            execute(PRODUCTION, "DELETE FROM evenkeel_lease WHERE address <> '*founder*'");
            await().atMost(BOUND).until(() -> names(COPY).equals(Set.of("A", "B", "C")));
            await().atMost(BOUND)
                    .untilAsserted(() -> assertThat(LineLog.of(pingOf(c))).anySatisfy(line -> assertThat(line)
                            .startsWith("WARN")
                            .contains("not merging with A at", "while its row beats here", "copy")));
            awaitTwentyBeatsOf(c);
            assertThat(a.getView().size()).isEqualTo(2);
            assertThat(b.getView().size()).isEqualTo(2);
            assertThat(c.getView().size()).isEqualTo(1);
            assertThat(names(PRODUCTION)).containsExactly("A", "B");
        } finally {
            execute(COPY, "ALTER SUBSCRIPTION leases DISABLE");
            execute(COPY, "ALTER SUBSCRIPTION leases SET (slot_name = NONE)");
            execute(COPY, "DROP SUBSCRIPTION leases");
            execute("postgres", "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
            await().atMost(BOUND)
                    .ignoreExceptions()
                    .untilAsserted(() -> execute(PRODUCTION, "SELECT pg_drop_replication_slot('leases')"));
        }
    }
}
