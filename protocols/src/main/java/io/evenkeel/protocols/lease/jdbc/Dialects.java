package io.evenkeel.protocols.lease.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All dialects. */
final class Dialects {
    /** The databases with a dialect, in words. */
    static final String KNOWN = "PostgreSQL, MariaDB and H2, and untested ones for MySQL, Oracle and SQL Server";

    private static final List<Dialect> ALL = List.of(
            new PostgresDialect(), new MySqlDialect(), new H2Dialect(), new OracleDialect(), new SqlServerDialect());

    private Dialects() {}

    /**
     * The dialect of a database; null if there is none.
     *
     * @param product the database's name as its driver gives it
     */
    static @Nullable Dialect of(String product) {
        String name = product.toLowerCase(Locale.ROOT);
        return ALL.stream().filter(each -> each.isOf(name)).findFirst().orElse(null);
    }

    /** True if any of the databases says so by a code of its own; before a login it is not known which one it is. */
    static boolean anyMeans(SqlError error, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return ALL.stream().anyMatch(each -> each.means(error, state, e.getErrorCode(), e));
    }

    /** The driver's properties that the lease agent's connection needs on a URL, by name. */
    static Map<String, String> driverProperties(String url) {
        return ALL.stream()
                .map(each -> each.propertiesOn(url))
                .filter(properties -> !properties.isEmpty())
                .findFirst()
                .orElse(Map.of());
    }
}
