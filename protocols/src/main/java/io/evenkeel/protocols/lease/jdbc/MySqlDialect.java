package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** MySQL and MariaDB. */
final class MySqlDialect extends Dialect {
    MySqlDialect() {
        super("mysql");
    }

    @Override
    boolean isOf(String product) {
        return product.contains("mysql") || product.contains("mariadb");
    }

    @Override
    boolean isTested(String product) {
        return product.contains("mariadb");
    }

    /** A table is denied by 1142, a column by 1143; 3118 and 4151 say that the account is locked. */
    @Override
    boolean means(SqlError error, String state, int code, SQLException e) {
        return switch (error) {
            case DENIED -> Set.of(1142, 1143).contains(code);
            case NOT_NULL -> (state.equals("23000") && code == 1048) || (state.equals("HY000") && code == 1364);
            case REFUSED_ROW -> state.equals("23000") && Set.of(1452, 4025).contains(code);
            case REFUSED_LOGIN -> state.equals("HY000") && Set.of(3118, 4151).contains(code);
            case MISSING_TABLE, OTHER_SHAPE, TOO_LONG -> false;
        };
    }

    @Override
    boolean catalogueShowsAll() {
        return true;
    }
}
