package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Map;

/** All that is particular to one database: the names of its SQL files, its driver, and the codes of its errors. */
abstract class Dialect {
    /** The first part of the names of its files, {@code NAME.sql} and {@code NAME-ddl.sql}. */
    final String name;

    Dialect(String name) {
        this.name = name;
    }

    /** @param product in lower case */
    abstract boolean isOf(String product);

    /**
     * True if our tests have run the statements on a real database of this product.
     *
     * @param product in lower case
     */
    abstract boolean isTested(String product);

    /** True if an error has a meaning that its SQLState alone does not tell by the standard (ISO 9075). */
    abstract boolean means(SqlError error, String state, int code, SQLException e);

    /**
     * True if a table that the catalogue does not show is missing; elsewhere it may stand in another schema of the
     * search path.
     */
    boolean catalogueShowsAll() {
        return false;
    }

    Map<String, String> propertiesOn(String url) {
        return Map.of();
    }
}
