package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that the table is there, is ours, has all the columns that this version knows, and may be written.
 *
 * <p>The table grows by columns alone: one that it lacks is added, one that this version does not know is left alone.
 * So several versions share one table, see {@link LeaseSql#columns}.
 */
final class TableShape {
    private static final Set<String> NUMBERS =
            Set.of("incarnation", "view_size", "beat", "beat_at_ms", "lease_ms", "format_version");
    private static final Set<Integer> NUMBER_TYPES = Set.of(Types.BIGINT, Types.INTEGER, Types.NUMERIC, Types.DECIMAL);

    /** A table that has them is ours, whatever else it lacks. */
    private static final Set<String> OURS = Set.of("cluster_name", "address", "beat");

    private static final int MAX_ROUNDS = 3;

    private static final List<String> RIGHTS = List.of("may_insert", "may_update", "may_delete");

    private final String tableName;
    private final Connection connection;
    private final LeaseSql sql;
    private final TableFaults faults;
    private final int queryTimeoutS;

    TableShape(String tableName, Connection connection, LeaseSql sql, TableFaults faults, int queryTimeoutS) {
        this.tableName = tableName;
        this.connection = connection;
        this.sql = sql;
        this.faults = faults;
        this.queryTimeoutS = queryTimeoutS;
    }

    /**
     * Checks the table, and creates or completes it if need be.
     *
     * @param mayChange whether to create and complete it; if false, what is missing is a refusal
     * @return whether the table was created
     * @throws LeaseTableException with the statements to run, if this user cannot
     */
    boolean ensure(boolean mayChange) throws SQLException, LeaseTableException {
        boolean created = !isThere(mayChange);
        if (created) {
            create(mayChange);
        }
        for (String right : RIGHTS) {
            try {
                execute(sql.get(right));
            } catch (SQLException e) {
                throw faults.of(right, e);
            }
        }
        return created;
    }

    private void create(boolean mayChange) throws SQLException, LeaseTableException {
        if (!mayChange) {
            throw missing("create_table=false", null);
        }
        SQLException failure = attempt(sql.ddl());
        // PostgreSQL's CREATE TABLE IF NOT EXISTS is not safe against itself: a loser fails on the table's type or
        // index.
        if (!isThere(mayChange)) {
            throw missing(
                    failure == null
                            ? "it is not visible after its creation"
                            : "creating it failed: " + SqlStates.line(failure),
                    failure);
        }
    }

    private LeaseTableException missing(String why, @Nullable SQLException cause) {
        return new LeaseTableException(
                "table " + tableName + " is missing and " + why + "; let a user with the right to do so run: "
                        + sql.ddl().replaceAll("\\s+", " ") + "; " + faults.grant(),
                LeaseTableException.Kind.MISSING_TABLE,
                cause);
    }

    /** True if the table is there with all columns. */
    private boolean isThere(boolean mayChange) throws SQLException, LeaseTableException {
        if (sql.catalogueShowsAll() && TableFinder.find(connection, tableName) == null) {
            return false;
        }
        try {
            columns(sql.get("shape"));
            return true;
        } catch (SQLException e) {
            if (SqlStates.missingTable(e)) {
                return false;
            }
            if (!SqlStates.otherShape(e)) {
                throw e;
            }
            complete(mayChange);
            return true;
        }
    }

    /**
     * In rounds, as other members may be adding the same columns: all but one then fail, in ways that differ by
     * database.
     */
    private void complete(boolean mayChange) throws SQLException, LeaseTableException {
        String why = "create_table=false";
        List<String> lacking = lacking();
        for (int round = 1; mayChange && !lacking.isEmpty() && round <= MAX_ROUNDS; round++) {
            for (String column : lacking) {
                SQLException failure = attempt(sql.addition(column));
                why = failure == null ? why : "adding them failed: " + SqlStates.line(failure);
            }
            lacking = lacking();
        }
        if (!lacking.isEmpty()) {
            throw new LeaseTableException(
                    "table " + tableName + " lacks the columns " + String.join(", ", lacking) + " and " + why
                            + "; let its owner run: "
                            + lacking.stream().map(sql::addition).collect(Collectors.joining("; ")),
                    true,
                    null);
        }
    }

    private List<String> lacking() throws SQLException, LeaseTableException {
        Set<String> present = columns("SELECT * FROM " + sql.table() + " WHERE 1 = 0");
        if (!present.containsAll(OURS)) {
            throw foreign("it has the columns " + String.join(", ", present));
        }
        List<String> lacking = new ArrayList<>(sql.columns().keySet());
        lacking.removeAll(present);
        return lacking;
    }

    /** The names in lower case. A table that has our columns, but not their kinds, belongs to something else. */
    private Set<String> columns(String select) throws SQLException, LeaseTableException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(queryTimeoutS);
            try (ResultSet result = statement.executeQuery(select)) {
                ResultSetMetaData columns = result.getMetaData();
                Set<String> names = new HashSet<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    String name = columns.getColumnName(i).toLowerCase(Locale.ROOT);
                    if (NUMBERS.contains(name) && !NUMBER_TYPES.contains(columns.getColumnType(i))) {
                        throw foreign("column " + name + " is " + columns.getColumnTypeName(i));
                    }
                    names.add(name);
                }
                return names;
            }
        } catch (SQLException e) {
            if (SqlStates.denied(e)) {
                throw faults.of("select", e);
            }
            throw e;
        }
    }

    private LeaseTableException foreign(String what) {
        return new LeaseTableException(
                "table " + tableName + " has another shape: " + what
                        + "; it belongs to something else, choose another table_name",
                true,
                null);
    }

    /** Throws a passing failure and returns any other one. */
    private @Nullable SQLException attempt(String ddl) throws SQLException {
        try {
            execute(ddl);
            return null;
        } catch (SQLException e) {
            if (SqlStates.passing(e)) {
                throw e;
            }
            return e;
        }
    }

    private void execute(String statementText) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(queryTimeoutS);
            statement.execute(statementText);
        }
    }
}
