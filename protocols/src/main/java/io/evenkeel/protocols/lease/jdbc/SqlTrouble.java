package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeaseTableException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** What an SQLState means for the table of leases (ISO 9075 classes, and the vendors' own where they differ). */
public final class SqlTrouble {
    private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02", "42S03", "42S04", "S0002");
    private static final Set<String> OTHER_SHAPE = Set.of("42703", "42S22", "42804", "S0022");

    private static final Set<String> PASSING = Set.of("08", "40", "53", "57");

    private SqlTrouble() {}

    /** A table that the statement names is not there. */
    public static boolean missingTable(SQLException e) {
        return MISSING_TABLE.contains(state(e)) || (oracle(e) && e.getErrorCode() == 942);
    }

    static boolean otherShape(SQLException e) {
        return OTHER_SHAPE.contains(state(e)) || (oracle(e) && e.getErrorCode() == 904);
    }

    /**
     * The table is there and this user may not use it: class 42 of PostgreSQL, error 1142 of MySQL (1143 for a column), 90096 of
     * H2, 229 of SQL Server, 1031 of Oracle.
     */
    static boolean denied(SQLException e) {
        return state(e).equals("42501")
                || Set.of(1142, 1143, 90096).contains(e.getErrorCode())
                || (state(e).equals("S0005") && e.getErrorCode() == 229)
                || (oracle(e) && e.getErrorCode() == 1031);
    }

    /** A text does not fit into its column; Oracle says so by error 12899. */
    static boolean tooLong(SQLException e) {
        return state(e).equals("22001") || (state(e).equals("72000") && e.getErrorCode() == 12899);
    }

    /**
     * A column that we do not fill may not be empty: class 23 of PostgreSQL and H2, errors 1048 and 1364 of MySQL, 1400 of
     * Oracle, 515 of SQL Server.
     */
    static boolean notNull(SQLException e) {
        return state(e).equals("23502")
                || (state(e).equals("23000") && Set.of(1048, 1400, 515).contains(e.getErrorCode()))
                || (state(e).equals("HY000") && e.getErrorCode() == 1364);
    }

    /**
     * A value cannot be stored (class 22: a character that the database's encoding lacks, for instance), or a check or a
     * foreign key that is not ours stands against it.
     */
    static boolean refusedRow(SQLException e) {
        return state(e).startsWith("22")
                || Set.of("23503", "23506", "23513", "23514").contains(state(e))
                || (state(e).equals("23000")
                        && Set.of(1452, 4025, 2290, 2291, 547).contains(e.getErrorCode()));
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

    /**
     * The database refuses these credentials: class 28; of Oracle 1017, 28000 (the account is locked) and 28001 (the password has
     * expired); of SQL Server 18456, 18470, 18486, 18487, 18488; of MySQL 3118 and 4151 (the account is locked).
     */
    static boolean refusedLogin(SQLException e) {
        return state(e).startsWith("28")
                || (state(e).equals("72000") && Set.of(1017, 28000, 28001).contains(e.getErrorCode()))
                || (state(e).equals("99999") && Set.of(28000, 28001).contains(e.getErrorCode()))
                || (state(e).equals("S0001")
                        && Set.of(18456, 18470, 18486, 18487, 18488).contains(e.getErrorCode()))
                || (state(e).equals("HY000") && Set.of(3118, 4151).contains(e.getErrorCode()));
    }

    /** A failed operation; trying again may help. */
    static LeaseTableException of(String operation, SQLException e) {
        return new LeaseTableException(operation + " failed: " + line(e), false, e);
    }

    /**
     * The driver's message on one line. Of a refused row only the first one: PostgreSQL's others show the row, and those of
     * H2 the statement.
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
