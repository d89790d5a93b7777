package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableSource;
import io.evenkeel.protocols.log.DiscoveryMessages;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sessions on a relational database: gets the one connection, finds the dialect, and makes sure that the table is there
 * and is ours.
 */
public final class JdbcLeaseTableSource implements LeaseTableSource {
    private static final Log LOG = LogFactory.getLog(JdbcLeaseTableSource.class);

    private final String tableName;
    private final String stockTable;
    private final boolean createTable;
    private final JdbcTimeouts timeouts;
    private final BoundedConnector connector;
    private @Nullable JdbcSession session;
    private boolean warned;
    private boolean opened;

    /**
     * Connects to nothing yet.
     *
     * @param supplier where connections come from
     * @param tableName see {@link TableName}
     * @param stockTable the table of stock's jdbc-ping, which may be missing; see {@link TableName}
     * @param createTable whether to create a missing table
     * @param timeouts bounds of all waits
     */
    public JdbcLeaseTableSource(
            ConnectionSupplier supplier,
            String tableName,
            String stockTable,
            boolean createTable,
            JdbcTimeouts timeouts) {
        this.tableName = tableName;
        this.stockTable = stockTable;
        this.createTable = createTable;
        this.timeouts = timeouts;
        TableName.parts("table_name", tableName);
        TableName.parts("stock_table", stockTable);
        connector = new BoundedConnector(supplier, timeouts.connectMs(), timeouts.loginMs());
    }

    @Override
    public JdbcLeaseTable open() throws LeaseTableException {
        abandon();
        try {
            Connection connection = connector.get();
            try {
                session = new JdbcSession(connection, timeouts.networkMs());
            } catch (SQLException e) {
                JdbcSession.closeQuietly(connection);
                throw e;
            }
            LeaseSql sql = sql(connection.getMetaData());
            TableFaults faults = new TableFaults(tableName, connection);
            ensure(new TableShape(tableName, connection, sql, faults, timeouts.queryS()));
            return new JdbcLeaseTable(connection, sql, faults, timeouts.queryS(), stockTable);
        } catch (SQLException e) {
            abandon();
            throw SqlStates.refusedLogin(e)
                    ? new LeaseTableException(
                            "the database refuses the login: " + SqlStates.line(e)
                                    + "; check the user name and the password",
                            LeaseTableException.Kind.REFUSED_LOGIN,
                            e)
                    : SqlStates.of("connect", e);
        } catch (LeaseTableException e) {
            close();
            throw e;
        }
    }

    private void ensure(TableShape shape) throws SQLException, LeaseTableException {
        if (shape.ensure(createTable) && opened) {
            DiscoveryMessages.TABLE_RECREATED.to(LOG, tableName);
        }
        opened = true;
    }

    private LeaseSql sql(DatabaseMetaData database) throws SQLException, LeaseTableException {
        String quote = database.getIdentifierQuoteString();
        LeaseSql sql = LeaseSql.of(
                database.getDatabaseProductName(), TableName.render(tableName, quote == null ? " " : quote));
        if (sql == null) {
            throw new LeaseTableException(
                    "no SQL dialect for " + database.getDatabaseProductName() + "; there is one for " + Dialects.KNOWN,
                    true,
                    null);
        }
        if (!sql.tested() && !warned) {
            warned = true;
            DiscoveryMessages.DIALECT_UNTRIED.to(LOG, database.getDatabaseProductName());
        }
        return sql;
    }

    private void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    @Override
    public void abandon() {
        if (session != null) {
            session.abandon();
            session = null;
        }
    }

    @Override
    public void shutdown() {
        close();
        connector.close();
    }
}
