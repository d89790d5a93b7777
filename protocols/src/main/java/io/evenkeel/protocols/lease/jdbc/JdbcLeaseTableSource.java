package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableSource;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Locale;
import java.util.Set;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/**
 * Sessions on a relational database: gets the one connection, finds the dialect, and makes sure that the table is there and
 * is ours.
 */
public final class JdbcLeaseTableSource implements LeaseTableSource {
    private static final Log LOG = LogFactory.getLog(JdbcLeaseTableSource.class);
    private static final Set<String> NUMBERS =
            Set.of("incarnation", "view_size", "beat", "beat_at_ms", "lease_ms", "format_version");
    private static final Set<Integer> NUMBER_TYPES = Set.of(Types.BIGINT, Types.INTEGER, Types.NUMERIC, Types.DECIMAL);

    private final String tableName;
    private final String stockTable;
    private final boolean createTable;
    private final JdbcTimeouts timeouts;
    private final BoundedConnector connector;
    private JdbcSession session;
    private boolean warned;

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
        connector = new BoundedConnector(supplier, timeouts.connectMs());
    }

    @Override
    public LeaseTable open() throws LeaseTableException {
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
            check(connection, sql);
            return new JdbcLeaseTable(connection, sql, timeouts.queryMs(), stockTable);
        } catch (SQLException e) {
            abandon();
            throw SqlTrouble.refusedLogin(e)
                    ? new LeaseTableException(
                            "the database refuses the login: " + SqlTrouble.line(e)
                                    + "; check the user name and the password",
                            true,
                            e)
                    : SqlTrouble.of("connect", e);
        } catch (LeaseTableException e) {
            close();
            throw e;
        }
    }

    private LeaseSql sql(DatabaseMetaData database) throws SQLException, LeaseTableException {
        String quote = database.getIdentifierQuoteString();
        LeaseSql sql = LeaseSql.of(
                database.getDatabaseProductName(), TableName.render(tableName, quote == null ? " " : quote));
        if (sql == null) {
            throw new LeaseTableException(
                    "no SQL dialect for " + database.getDatabaseProductName()
                            + "; there is one for PostgreSQL, MariaDB and H2, and untested ones for MySQL, Oracle and SQL"
                            + " Server",
                    true,
                    null);
        }
        if (!sql.tested() && !warned) {
            warned = true;
            LOG.warn(
                    "the SQL of the lease table for %s has never been run on a real one; try kills, restarts and"
                            + " outages before you rely on it",
                    database.getDatabaseProductName());
        }
        return sql;
    }

    private void check(Connection connection, LeaseSql sql) throws SQLException, LeaseTableException {
        if (inShape(connection, sql)) {
            return;
        }
        if (!createTable) {
            throw missing("create_table=false", connection, sql, null);
        }
        SQLException failure = create(connection, sql);
        // PostgreSQL's CREATE TABLE IF NOT EXISTS is not safe against itself: a loser fails on the table's type or
        // index.
        if (!inShape(connection, sql)) {
            throw missing(
                    failure == null
                            ? "it is not visible after its creation"
                            : "creating it failed: " + SqlTrouble.line(failure),
                    connection,
                    sql,
                    failure);
        }
    }

    private SQLException create(Connection connection, LeaseSql sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout((int) (timeouts.queryMs() / 1000));
            statement.execute(sql.ddl());
            return null;
        } catch (SQLException e) {
            if (SqlTrouble.passing(e)) {
                throw e;
            }
            return e;
        }
    }

    private LeaseTableException missing(String why, Connection connection, LeaseSql sql, SQLException cause)
            throws SQLException {
        return new LeaseTableException(
                "table " + tableName + " is missing and " + why + "; let somebody who may run: "
                        + sql.ddl().replaceAll("\\s+", " ") + "; " + grant(connection),
                true,
                cause);
    }

    private String grant(Connection connection) throws SQLException {
        return "GRANT SELECT, INSERT, UPDATE, DELETE ON " + tableName + " TO "
                + connection.getMetaData().getUserName();
    }

    /** Whether the table is there. One that has our columns but not their kinds, or other columns, is somebody else's. */
    private boolean inShape(Connection connection, LeaseSql sql) throws SQLException, LeaseTableException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout((int) (timeouts.queryMs() / 1000));
            try (ResultSet result = statement.executeQuery(sql.get("shape"))) {
                ResultSetMetaData columns = result.getMetaData();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    String name = columns.getColumnName(i).toLowerCase(Locale.ROOT);
                    if (NUMBERS.contains(name) && !NUMBER_TYPES.contains(columns.getColumnType(i))) {
                        throw foreign("column " + name + " is " + columns.getColumnTypeName(i), null);
                    }
                }
                return true;
            }
        } catch (SQLException e) {
            if (SqlTrouble.missingTable(e)) {
                return false;
            }
            if (SqlTrouble.denied(e)) {
                throw new LeaseTableException(
                        "this user may not use table " + tableName + ": " + SqlTrouble.line(e) + "; let its owner run: "
                                + grant(connection),
                        true,
                        e);
            }
            if (SqlTrouble.otherShape(e)) {
                throw foreign(SqlTrouble.line(e), e);
            }
            throw e;
        }
    }

    private LeaseTableException foreign(String what, SQLException cause) {
        return new LeaseTableException(
                "table " + tableName + " has another shape: " + what
                        + "; it belongs to something else, choose another table_name",
                true,
                cause);
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
