package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.it.node.Postgres;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.StockRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresLeaseTableTest {
    @TempDir
    static Path directory;

    private static Postgres database;

    @BeforeAll
    static void start() throws Exception {
        database = Postgres.trusting(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @Nested
    class ReadCommitted extends JdbcLeaseTableContract {
        @Override
        DataSource database() {
            return database.dataSource();
        }
    }

    @Nested
    class RepeatableRead extends JdbcLeaseTableContract {
        @Override
        DataSource database() {
            return FixedIsolation.of(database.dataSource(), Connection.TRANSACTION_REPEATABLE_READ);
        }
    }

    @Test
    void stocksTableIsReadInItsOwnSchemaAndOnlyWithTheRight() throws Exception {
        execute(
                "CREATE SCHEMA kc",
                "CREATE TABLE kc.jgroups_ping (address text, name text, cluster_name text, ip text, last_update"
                        + " bigint)",
                "CREATE TABLE public.jgroups_ping (LIKE kc.jgroups_ping)",
                "INSERT INTO kc.jgroups_ping VALUES ('a', 'in kc', 'keel', 'p', 1)",
                "INSERT INTO public.jgroups_ping VALUES ('a', 'in public', 'keel', 'p', 1)",
                "CREATE ROLE clerk LOGIN",
                "GRANT CREATE, USAGE ON SCHEMA public TO clerk",
                "GRANT USAGE ON SCHEMA kc TO clerk");
        JdbcTimeouts timeouts = new JdbcTimeouts(20_000, 20_000, 20_000, 30_000);
        JdbcLeaseTableSource source = new JdbcLeaseTableSource(
                () -> DriverManager.getConnection(database.url(), "clerk", ""),
                "leases",
                "KC.JGroups_Ping",
                true,
                timeouts);
        try {
            LeaseTable table = source.open();
            assertThatThrownBy(() -> table.readStock("keel"))
                    .isInstanceOfSatisfying(LeaseTableException.class, e -> assertThat(e.misconfigured())
                            .isTrue())
                    .hasMessageContaining("GRANT SELECT ON KC.JGroups_Ping TO clerk");
            execute("GRANT SELECT ON kc.jgroups_ping TO clerk");
            assertThat(table.readStock("keel"))
                    .singleElement()
                    .extracting(StockRow::name)
                    .isEqualTo("in kc");
        } finally {
            source.shutdown();
            execute(
                    "DROP SCHEMA kc CASCADE",
                    "DROP TABLE public.jgroups_ping",
                    "DROP OWNED BY clerk",
                    "DROP ROLE clerk");
        }
    }

    /** The server's session may change between two transactions behind pgbouncer. */
    @ParameterizedTest
    @CsvSource({"'', false", "?prepareThreshold=1, true"})
    void nothingIsPreparedOnTheServerUnlessTheUrlSaysSo(String parameters, boolean prepared) throws Exception {
        ConnectionSupplier supplier = ConnectionSuppliers.driver(
                JdbcUrl.of(database.url() + parameters),
                "postgres",
                null,
                null,
                getClass().getClassLoader());
        try (Connection connection = supplier.get()) {
            for (int i = 0; i < 20; i++) {
                try (PreparedStatement statement = connection.prepareStatement("SELECT ?::int")) {
                    statement.setInt(1, i);
                    statement.execute();
                }
            }
            try (Statement statement = connection.createStatement();
                    ResultSet count = statement.executeQuery(
                            "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%::int%'")) {
                count.next();
                assertThat(count.getInt(1) > 0).isEqualTo(prepared);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "INSERT", "UPDATE", "DELETE"})
    void aRightThatIsMissingEndsTheStartWithTheGrant(String right) throws Exception {
        JdbcTimeouts timeouts = new JdbcTimeouts(20_000, 20_000, 20_000, 30_000);
        JdbcLeaseTableSource owner = new JdbcLeaseTableSource(
                database.dataSource()::getConnection, "rights", "JGROUPS_PING", true, timeouts);
        JdbcLeaseTableSource clerk = new JdbcLeaseTableSource(
                () -> DriverManager.getConnection(database.url(), "clerk", ""),
                "rights",
                "JGROUPS_PING",
                true,
                timeouts);
        try {
            owner.open();
            execute(
                    "CREATE ROLE clerk LOGIN",
                    "GRANT ALL ON rights TO clerk",
                    "REVOKE " + right + " ON rights FROM clerk");
            assertThatThrownBy(clerk::open)
                    .isInstanceOfSatisfying(LeaseTableException.class, e -> assertThat(e.misconfigured())
                            .isTrue())
                    .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE ON rights TO clerk");
            execute("GRANT " + right + " ON rights TO clerk");
            clerk.open();
        } finally {
            owner.shutdown();
            clerk.shutdown();
            execute("DROP TABLE rights", "DROP OWNED BY clerk", "DROP ROLE clerk");
        }
    }

    private static void execute(String... statements) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
