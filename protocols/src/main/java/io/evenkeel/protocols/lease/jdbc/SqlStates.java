package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/**
 * The meaning of an SQLState to the table of leases (ISO 9075 classes), and of a database's own code where it differs.
 */
public final class SqlStates {
    private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02");
    private static final Set<String> OTHER_SHAPE = Set.of("42703", "42S22", "42804");
    private static final Set<String> REFUSED_ROW = Set.of("23503", "23506", "23513", "23514");

    private static final Set<String> PASSING = Set.of("08", "40", "53", "57");

    private SqlStates() {}

    /** A table that the statement names is not there. */
    public static boolean missingTable(SQLException e) {
        return MISSING_TABLE.contains(state(e)) || Dialects.anyMeans(SqlError.MISSING_TABLE, e);
    }

    static boolean otherShape(SQLException e) {
        return OTHER_SHAPE.contains(state(e)) || Dialects.anyMeans(SqlError.OTHER_SHAPE, e);
    }

    static boolean denied(SQLException e) {
        return state(e).equals("42501") || Dialects.anyMeans(SqlError.DENIED, e);
    }

    static boolean tooLong(SQLException e) {
        return state(e).equals("22001") || Dialects.anyMeans(SqlError.TOO_LONG, e);
    }

    static boolean notNull(SQLException e) {
        return state(e).equals("23502") || Dialects.anyMeans(SqlError.NOT_NULL, e);
    }

    /** Class 22 is a character that the database's encoding lacks, for instance. */
    static boolean refusedRow(SQLException e) {
        return state(e).startsWith("22")
                || REFUSED_ROW.contains(state(e))
                || Dialects.anyMeans(SqlError.REFUSED_ROW, e);
    }

    /** Serialization failure or deadlock: nothing was done, the same statement may work at once. */
    static boolean rolledBack(SQLException e) {
        return Set.of("40001", "40P01").contains(state(e));
    }

    static boolean duplicate(SQLException e) {
        return state(e).startsWith("23");
    }

    /** Classes 08 (connection), 40 (rollback), 53 (resources) and 57 (operator): the same may work a moment later. */
    static boolean passing(SQLException e) {
        return e instanceof SQLTimeoutException || PASSING.stream().anyMatch(c -> state(e).startsWith(c));
    }

    /** The database refuses these credentials: class 28. */
    static boolean refusedLogin(SQLException e) {
        return state(e).startsWith("28") || Dialects.anyMeans(SqlError.REFUSED_LOGIN, e);
    }

    /** A failed operation; trying again may help. */
    static LeaseTableException of(String operation, SQLException e) {
        return new LeaseTableException(operation + " failed: " + line(e), false, e);
    }

    /**
     * The driver's message on one line. Of a refused row only the first one: PostgreSQL's others show the row, and
     * those of H2 the statement.
     */
    static String line(SQLException e) {
        String message = String.valueOf(e.getMessage()).strip();
        if (state(e).startsWith("22") || state(e).startsWith("23")) {
            message = message.lines().findFirst().orElse("");
        }
        return message.replaceAll("\\s+", " ") + " [SQLState " + state(e) + "]";
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
