package io.evenkeel.it.cluster;

import io.evenkeel.it.node.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A larger cluster of the same name, as far as the lease table shows it: the row of a coordinator and those of members
 * of its view, which beat, at an address where nobody listens. Closing it is its death: the rows stay and do not beat
 * any more.
 */
final class LargerCluster implements AutoCloseable {
    static final String NAME = "the-winner";

    private static final int MEMBERS = 9;
    private static final String ADDRESS = "00000000-0000-0000-0000-00000000000";
    private static final String VIEW = ADDRESS + "1|1";

    private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private final Connection connection;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();

    LargerCluster(Postgres postgres, String database) throws SQLException {
        connection = postgres.connect(database);
    }

    void start() throws SQLException {
        execute("INSERT INTO evenkeel_lease (cluster_name, address, member_name, physical_address, incarnation,"
                + " coordinator, view_id, view_size, beat, beat_at_ms, lease_ms, format_version)"
                + " SELECT cluster_name, '" + ADDRESS + "' || i, '" + NAME + "', '127.0.0.1:1', i, i = 1, '" + VIEW
                + "', "
                + MEMBERS + ", 1, " + NOW + ", lease_ms, format_version"
                + " FROM evenkeel_lease, generate_series(1, " + MEMBERS + ") AS i WHERE coordinator");
        beats.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    private void beat() {
        try {
            execute("UPDATE evenkeel_lease SET beat = beat + 1, beat_at_ms = " + NOW + " WHERE member_name = '" + NAME
                    + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        beats.shutdownNow();
        connection.close();
    }
}
