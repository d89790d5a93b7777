package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** Oracle. */
final class OracleDialect extends Dialect {
    OracleDialect() {
        super("oracle");
    }

    @Override
    boolean isOf(String product) {
        return product.startsWith("oracle");
    }

    @Override
    boolean isTested(String product) {
        return false;
    }

    /** A login is refused by 1017, an account is locked by 28000, and its password has expired by 28001. */
    @Override
    boolean means(SqlError error, String state, int code, SQLException e) {
        return switch (error) {
            case MISSING_TABLE -> isAccess(state, e) && code == 942;
            case OTHER_SHAPE -> isAccess(state, e) && code == 904;
            case DENIED -> isAccess(state, e) && code == 1031;
            case TOO_LONG -> state.equals("72000") && code == 12899;
            case NOT_NULL -> state.equals("23000") && code == 1400;
            case REFUSED_ROW -> state.equals("23000") && Set.of(2290, 2291).contains(code);
            case REFUSED_LOGIN ->
                (state.equals("72000") && Set.of(1017, 28000, 28001).contains(code))
                        || (state.equals("99999") && Set.of(28000, 28001).contains(code));
        };
    }

    /** Oracle says 42000 to any error of syntax or access; its own code tells which. */
    private static boolean isAccess(String state, SQLException e) {
        return state.equals("42000") && String.valueOf(e.getMessage()).startsWith("ORA-");
    }
}
