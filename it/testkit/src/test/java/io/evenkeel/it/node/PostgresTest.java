package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTest {
    private static Connection asOwner(Database database) throws SQLException {
        Credentials owner = database.owner();
        return DriverManager.getConnection(database.jdbcUrl(), owner.user(), owner.password());
    }

    @Test
    void aServerOnACopyOfAnothersDataGivesEachDatabaseAnOwnerOfItsOwn(@TempDir Path dir) throws Exception {
        Path kept = dir.resolve("kept");
        try (Ports ports = new Ports(new SecureRandom())) {
            try (Postgres first = Postgres.start(dir.resolve("first"), ports.free(), Caches.ofUser())) {
                try (Connection connection = asOwner(first.createDatabase("original"));
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE things AS SELECT 7 AS id");
                }
                first.stop();
                first.copyDataTo(kept);
            }
            try (Postgres second = Postgres.start(dir.resolve("second"), ports.free(), Caches.ofUser(), kept)) {
                for (String name : new String[] {"one", "two"}) {
                    try (Connection connection = asOwner(second.createDatabaseFrom("original", name));
                            Statement statement = connection.createStatement()) {
                        statement.execute("ALTER TABLE things ADD COLUMN name TEXT");
                        try (ResultSet rows = statement.executeQuery("SELECT id FROM things")) {
                            assertThat(rows.next()).isTrue();
                            assertThat(rows.getInt(1)).isEqualTo(7);
                        }
                    }
                }
                assertThatThrownBy(() -> DriverManager.getConnection(second.url(), "postgres", "a guess"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password");
            }
        }
    }
}
