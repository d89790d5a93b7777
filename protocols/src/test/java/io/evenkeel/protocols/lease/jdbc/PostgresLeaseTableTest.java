package io.evenkeel.protocols.lease.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresLeaseTableTest extends JdbcLeaseTableContract {
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

    @Override
    DataSource database() {
        return database.dataSource();
    }
}
