package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** Microsoft SQL Server. */
final class SqlServerDialect extends Dialect {
    SqlServerDialect() {
        super("sqlserver");
    }

    @Override
    boolean isOf(String product) {
        return product.contains("sql server");
    }

    @Override
    boolean isTested(String product) {
        return false;
    }

    @Override
    boolean means(SqlError error, String state, int code, SQLException e) {
        return switch (error) {
            case MISSING_TABLE -> state.equals("S0002");
            case OTHER_SHAPE -> state.equals("S0022");
            case DENIED -> state.equals("S0005") && code == 229;
            case NOT_NULL -> state.equals("23000") && code == 515;
            case REFUSED_ROW -> state.equals("23000") && code == 547;
            case REFUSED_LOGIN ->
                state.equals("S0001")
                        && Set.of(18456, 18470, 18486, 18487, 18488).contains(code);
            case TOO_LONG -> false;
        };
    }
}
