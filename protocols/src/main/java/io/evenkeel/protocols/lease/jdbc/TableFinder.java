package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks a table up in the database's catalogue, whatever the case of its name. Unlike a statement on a table that is
 * missing, this makes no driver and no server log an error.
 */
final class TableFinder {
    private TableFinder() {}

    /**
     * Finds a table in its schema, or in the one that the connection uses.
     *
     * @param name see {@link TableName}
     * @return its name as SQL has it, or null if there is none
     */
    static @Nullable String find(Connection connection, String name) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        List<String> parts = TableName.parts("table_name", name);
        String table = parts.get(parts.size() - 1);
        boolean schemas = database.supportsSchemasInTableDefinitions();
        String named = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        String catalog = schemas || named == null ? connection.getCatalog() : named;
        String schema = schemas && named == null ? connection.getSchema() : named;
        for (String pattern : spellings(table)) {
            try (ResultSet found = database.getTables(catalog, null, pattern, null)) {
                while (found.next()) {
                    String inSchema = found.getString("TABLE_SCHEM");
                    String spelled = found.getString("TABLE_NAME");
                    if (spelled.equalsIgnoreCase(table)
                            && (!schemas || schema == null || schema.equalsIgnoreCase(inSchema))) {
                        return TableName.quote(
                                database.getIdentifierQuoteString(),
                                schemas ? inSchema : found.getString("TABLE_CAT"),
                                spelled);
                    }
                }
            }
        }
        return null;
    }

    private static Set<String> spellings(String table) {
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(table.toUpperCase(Locale.ROOT));
        spellings.add(table.toLowerCase(Locale.ROOT));
        spellings.add(table);
        return spellings;
    }
}
