package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** H2. */
final class H2Dialect extends Dialect {
    H2Dialect() {
        super("h2");
    }

    @Override
    boolean isOf(String product) {
        return product.equals("h2");
    }

    @Override
    boolean isTested(String product) {
        return true;
    }

    @Override
    boolean means(SqlError error, String state, int code, SQLException e) {
        return switch (error) {
            case MISSING_TABLE -> Set.of("42S03", "42S04").contains(state);
            case DENIED -> code == 90096;
            case OTHER_SHAPE, TOO_LONG, NOT_NULL, REFUSED_ROW, REFUSED_LOGIN -> false;
        };
    }
}
