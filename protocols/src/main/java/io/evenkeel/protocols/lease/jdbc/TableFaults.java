package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;

/** Says of a failed statement on one table whether trying again may help, and if not, what does. */
final class TableFaults {
    private final String tableName;
    private final Connection connection;

    TableFaults(String tableName, Connection connection) {
        this.tableName = tableName;
        this.connection = connection;
    }

    /** @param parameters of the statement, of which no value gets into the message but a length */
    LeaseTableException of(String operation, SQLException e, Object... parameters) {
        if (SqlStates.denied(e)) {
            return new LeaseTableException(
                    "this user may not use table " + tableName + ": " + SqlStates.line(e) + "; let its owner run: "
                            + grant(),
                    Kind.DENIED,
                    e);
        }
        if (SqlStates.tooLong(e)) {
            return permanent(
                    operation + " failed: a text of " + longest(parameters) + " characters is too long for table "
                            + tableName + ": " + SqlStates.line(e)
                            + "; shorten the names of the node and of the cluster",
                    e);
        }
        if (SqlStates.notNull(e)) {
            return permanent(
                    operation + " failed: table " + tableName
                            + " has a column that this version does not fill, and that has no default: "
                            + SqlStates.line(e)
                            + "; let its owner give it a default, or allow NULL in it",
                    e);
        }
        if (SqlStates.refusedRow(e)) {
            return permanent(
                    operation + " failed: table " + tableName + " refuses the row: " + SqlStates.line(e)
                            + "; take back what was changed in the table, or use another table_name",
                    e);
        }
        return SqlStates.of(operation, e);
    }

    private static LeaseTableException permanent(String message, SQLException cause) {
        return new LeaseTableException(message, Kind.MISCONFIGURED, cause);
    }

    private static int longest(Object... parameters) {
        return Arrays.stream(parameters)
                .filter(String.class::isInstance)
                .map(text -> ((String) text).length())
                .max(Comparator.naturalOrder())
                .orElse(0);
    }

    /** The statement that gives this user the rights. */
    String grant() {
        return "GRANT SELECT, INSERT, UPDATE, DELETE ON " + tableName + " TO " + userName(connection);
    }

    /** The user of a connection as the database knows it, for a message. */
    static String userName(Connection connection) {
        try {
            return connection.getMetaData().getUserName();
        } catch (SQLException e) {
            return "this user";
        }
    }
}
