package io.evenkeel.protocols.lease.jdbc;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The statements of one dialect for one table. */
final class LeaseSql {
    private final Map<String, String> statements;
    private final String ddl;

    private LeaseSql(Map<String, String> statements, String ddl) {
        this.statements = statements;
        this.ddl = ddl;
    }

    /**
     * The statements for a database.
     *
     * @param product the database's name as its driver gives it
     * @param table the table's name, quoted where needed
     * @return null if there is no dialect for the product
     */
    static LeaseSql of(String product, String table) {
        String dialect = dialect(product);
        if (dialect == null) {
            return null;
        }
        Map<String, String> raw = new HashMap<>(SqlFile.statements("common.sql"));
        raw.putAll(SqlFile.statements(dialect + ".sql"));
        String now = raw.get("now");
        Map<String, String> ready = new HashMap<>();
        raw.forEach((name, sql) -> ready.put(name, sql.replace("${now}", now).replace("${table}", table)));
        return new LeaseSql(
                Map.copyOf(ready),
                SqlFile.text(dialect + "-ddl.sql").replace("${table}", table).trim());
    }

    private static String dialect(String product) {
        String name = product.toLowerCase(Locale.ROOT);
        if (name.contains("postgresql")) {
            return "postgresql";
        }
        if (name.contains("mysql") || name.contains("mariadb")) {
            return "mysql";
        }
        return name.equals("h2") ? "h2" : null;
    }

    String get(String name) {
        String sql = statements.get(name);
        if (sql == null) {
            throw new IllegalArgumentException("no statement named " + name);
        }
        return sql;
    }

    String ddl() {
        return ddl;
    }
}
