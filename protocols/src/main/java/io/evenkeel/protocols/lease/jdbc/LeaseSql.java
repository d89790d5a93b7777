package io.evenkeel.protocols.lease.jdbc;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The statements of one dialect for one table. */
final class LeaseSql {
    /** A line of a DDL that is about a column. */
    private static final Pattern COLUMN = Pattern.compile("(?m)^ +([a-z_]+) +([A-Z].*?),?$");

    private final String table;
    private final Map<String, String> statements;
    private final String ddl;
    private final boolean tested;
    private final boolean catalogueShowsAll;

    private LeaseSql(
            String table, Map<String, String> statements, String ddl, boolean tested, boolean catalogueShowsAll) {
        this.table = table;
        this.statements = statements;
        this.ddl = ddl;
        this.tested = tested;
        this.catalogueShowsAll = catalogueShowsAll;
    }

    /**
     * The statements for a database.
     *
     * @param product the database's name as its driver gives it
     * @param table the table's name, quoted where needed
     * @return null if there is no dialect for the product
     */
    static @Nullable LeaseSql of(String product, String table) {
        Dialect dialect = Dialects.of(product);
        if (dialect == null) {
            return null;
        }
        Map<String, String> raw = new HashMap<>(SqlFile.statements("common.sql"));
        raw.putAll(SqlFile.statements(dialect.name + ".sql"));
        String now = raw.get("now");
        Map<String, String> ready = new HashMap<>();
        raw.forEach((name, sql) -> ready.put(name, sql.replace("${now}", now).replace("${table}", table)));
        return new LeaseSql(
                table,
                Map.copyOf(ready),
                SqlFile.text(dialect.name + "-ddl.sql")
                        .replace("${table}", table)
                        .trim(),
                dialect.isTested(product.toLowerCase(Locale.ROOT)),
                dialect.catalogueShowsAll());
    }

    String get(String name) {
        String sql = statements.get(name);
        if (sql == null) {
            throw new IllegalArgumentException("no statement named " + name);
        }
        return sql;
    }

    /**
     * True if a table that the catalogue does not show is missing; elsewhere it may stand in another schema of the
     * search path.
     */
    boolean catalogueShowsAll() {
        return catalogueShowsAll;
    }

    /** True if our tests have run the statements on a real database of this product. */
    boolean tested() {
        return tested;
    }

    String ddl() {
        return ddl;
    }

    /**
     * The columns of the table as its DDL has them: name in lower case, then the definition.
     *
     * <p>A table that another version made may have fewer or more of them. So those that came after the first version
     * are nullable or have a default, and each statement names those that it writes.
     */
    Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        Matcher column = COLUMN.matcher(ddl);
        while (column.find()) {
            columns.put(column.group(1), column.group(2));
        }
        return columns;
    }

    /** The statement that adds a column to a table that lacks it; nullable, as there may be rows. */
    String addition(String column) {
        return "ALTER TABLE " + table + " ADD " + column + " "
                + Objects.requireNonNull(columns().get(column))
                        .replace("NOT NULL", "")
                        .strip();
    }

    /** The table's name, quoted where needed. */
    String table() {
        return table;
    }
}
