package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/** Sets a borrowed connection up for the agent and gives it back as it was. */
final class JdbcSession {
    private static final Log LOG = LogFactory.getLog(JdbcSession.class);

    private final Connection connection;
    private final boolean autoCommit;
    private final int isolation;
    private final int networkTimeoutMs;

    JdbcSession(Connection connection, long networkTimeoutMs) throws SQLException {
        this.connection = connection;
        this.networkTimeoutMs = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) networkTimeoutMs);
        autoCommit = connection.getAutoCommit();
        isolation = connection.getTransactionIsolation();
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Gives a working connection back. */
    void close() {
        try {
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(autoCommit);
            connection.setNetworkTimeout(Runnable::run, networkTimeoutMs);
        } catch (SQLException e) {
            LOG.debug("cannot restore the connection: %s", e.getMessage());
        }
        closeQuietly(connection);
    }

    /**
     * Ends a failed connection without talking to the database.
     *
     * <p>The driver's own connection is aborted, not the wrapper of a pool: Agroal's forgets what it wraps when it is
     * aborted, closes nothing afterwards, and counts the connection as lent for ever. And Agroal keeps what comes back
     * to it unless an operation on it has failed for good, so one more has to: the driver refuses it at once.
     */
    void abandon() {
        try {
            connection.unwrap(Connection.class).abort(Runnable::run);
            connection.createStatement().close();
        } catch (SQLException e) {
            LOG.debug("the connection is given up: %s", e.getMessage());
        }
        closeQuietly(connection);
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("cannot close the connection: %s", e.getMessage());
        }
    }
}
