package io.evenkeel.protocols.lease.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PostgresLeaseTableTest {
    @TempDir
    static Path directory;

    private static Postgres database;

    @BeforeAll
    static void start() {
        database = new Postgres(directory);
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
}
