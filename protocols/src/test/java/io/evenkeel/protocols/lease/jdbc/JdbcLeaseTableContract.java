package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableContract;
import io.evenkeel.protocols.lease.Snapshot;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on a real database, through the production path: connect, find the dialect, create the table. */
abstract class JdbcLeaseTableContract extends LeaseTableContract {
    private static final JdbcTimeouts TIMEOUTS = new JdbcTimeouts(20_000, 20_000, 30_000);
    private final List<JdbcLeaseTableSource> sources = new ArrayList<>();

    abstract DataSource database();

    @BeforeEach
    void dropTable() throws Exception {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS EVENKEEL_LEASE");
        }
    }

    @AfterEach
    void closeSessions() {
        sources.forEach(JdbcLeaseTableSource::shutdown);
    }

    @Override
    protected LeaseTable open() throws Exception {
        JdbcLeaseTableSource source =
                new JdbcLeaseTableSource(database()::getConnection, "EVENKEEL_LEASE", true, TIMEOUTS);
        sources.add(source);
        return source.open();
    }

    @Override
    protected void jumpClock(long byMs) throws Exception {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE EVENKEEL_LEASE SET beat_at_ms = beat_at_ms - (" + byMs + ")");
        }
    }

    @Override
    protected void passTime() throws Exception {
        LeaseTable table = open();
        Snapshot before = table.read(CLUSTER);
        Awaitility.await().until(() -> table.read(CLUSTER).rows().values().stream()
                .allMatch(r -> r.ageMs() > before.rows().get(r.address()).ageMs()));
    }
}
