package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.Map;

/** PostgreSQL, whose errors are told by SQLState alone. */
final class PostgresDialect extends Dialect {
    /**
     * The properties of pgjdbc that the lease agent's connection needs, where the user's URL or properties do not say
     * otherwise:
     * <ul>
     * <li>pgjdbc cancels a statement that ran into its timeout over a second connection and waits for that one, by
     * default 10 s: with a database that hangs, longer than everything that is bounded here;
     * <li>a statement that is prepared on the server does not survive a change of the server's session behind pgbouncer
     * in transaction mode.
     * </ul>
     */
    private static final Map<String, String> PGJDBC = Map.of("cancelSignalTimeout", "1", "prepareThreshold", "0");

    PostgresDialect() {
        super("postgresql");
    }

    @Override
    boolean isOf(String product) {
        return product.contains("postgresql");
    }

    @Override
    boolean isTested(String product) {
        return true;
    }

    @Override
    boolean means(SqlError error, String state, int code, SQLException e) {
        return false;
    }

    @Override
    Map<String, String> propertiesOn(String url) {
        return url.startsWith("jdbc:postgresql:") ? PGJDBC : Map.of();
    }
}
