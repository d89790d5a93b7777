package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** What an SQLState means for the table of leases (ISO 9075 classes, and the vendors' own where they differ). */
final class SqlTrouble {
    private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02", "42S03", "42S04", "S0002");
    private static final Set<String> OTHER_SHAPE = Set.of("42703", "42S22", "42804", "S0022");

    private static final Set<String> PASSING = Set.of("08", "40", "53", "57");

    private SqlTrouble() {}

    static boolean missingTable(SQLException e) {
        return MISSING_TABLE.contains(state(e)) || (oracle(e) && e.getErrorCode() == 942);
    }

    static boolean otherShape(SQLException e) {
        return OTHER_SHAPE.contains(state(e)) || (oracle(e) && e.getErrorCode() == 904);
    }

    /** The table is there and this user may not use it: class 42 of PostgreSQL, error 1142 of MySQL, 229 of SQL Server. */
    static boolean denied(SQLException e) {
        return state(e).equals("42501")
                || e.getErrorCode() == 1142
                || (state(e).equals("S0005") && e.getErrorCode() == 229);
    }

    /** Oracle says 42000 to any error of syntax or access; its own code tells which. */
    private static boolean oracle(SQLException e) {
        return state(e).equals("42000") && String.valueOf(e.getMessage()).startsWith("ORA-");
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

    /** Class 28, ORA-01017 and SQL Server's 18456: the database refuses these credentials. */
    static boolean refusedLogin(SQLException e) {
        return state(e).startsWith("28")
                || (state(e).equals("72000") && e.getErrorCode() == 1017)
                || (state(e).equals("S0001") && e.getErrorCode() == 18456);
    }

    /** A failed operation; trying again may help. */
    static LeaseTableException of(String operation, SQLException e) {
        return new LeaseTableException(operation + " failed: " + line(e), false, e);
    }

    /** The driver's message on one line. */
    static String line(SQLException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").trim() + " [SQLState " + state(e) + "]";
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
