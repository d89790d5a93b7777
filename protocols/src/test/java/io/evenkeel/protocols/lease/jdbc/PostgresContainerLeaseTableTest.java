package io.evenkeel.protocols.lease.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL as its own image has it; {@code -Devenkeel.postgres.image} names another one. */
@EnabledIf(
        value = "dockerAnswers",
        disabledReason = "Docker does not answer; PostgresLeaseTableTest runs the same on an embedded server")
class PostgresContainerLeaseTableTest extends JdbcLeaseTableContract {
    private static PostgreSQLContainer server;

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @BeforeAll
    static void start() {
        server = new PostgreSQLContainer(
                DockerImageName.parse(System.getProperty("evenkeel.postgres.image", "postgres:17-alpine"))
                        .asCompatibleSubstituteFor("postgres"));
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Override
    DataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(server.getJdbcUrl());
        database.setUser(server.getUsername());
        database.setPassword(server.getPassword());
        return database;
    }
}
