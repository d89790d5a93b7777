package io.evenkeel.protocols.lease.jdbc;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The statements of one dialect for one table. */
final class LeaseSql {
    /** MySQL shares MariaDB's dialect, which our tests run; so the driver's word for the product counts. */
    private static final Set<String> UNTESTED = Set.of("oracle", "sqlserver", "mysql");

    private final Map<String, String> statements;
    private final String ddl;
    private final boolean tested;

    private LeaseSql(Map<String, String> statements, String ddl, boolean tested) {
        this.statements = statements;
        this.ddl = ddl;
        this.tested = tested;
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
                SqlFile.text(dialect + "-ddl.sql").replace("${table}", table).trim(),
                !UNTESTED.contains(product.toLowerCase(Locale.ROOT).contains("mariadb") ? "mariadb" : dialect));
    }

    private static String dialect(String product) {
        String name = product.toLowerCase(Locale.ROOT);
        if (name.contains("postgresql")) {
            return "postgresql";
        }
        if (name.contains("mysql") || name.contains("mariadb")) {
            return "mysql";
        }
        if (name.startsWith("oracle")) {
            return "oracle";
        }
        if (name.contains("sql server")) {
            return "sqlserver";
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

    /** Whether our tests have run the statements on a real database of this product. */
    boolean tested() {
        return tested;
    }

    String ddl() {
        return ddl;
    }
}
