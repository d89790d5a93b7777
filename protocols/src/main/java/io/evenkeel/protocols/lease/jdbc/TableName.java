package io.evenkeel.protocols.lease.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's name as users write it, {@code table} or {@code schema.table}. A part that is an ordinary identifier stays bare, so
 * that the database folds its case as it does for everything else; any other part is quoted. A part in double quotes is
 * taken as it stands and always quoted, which also serves reserved words.
 */
final class TableName {
    private static final Pattern PART = Pattern.compile("\"([^\"]+)\"|([^\".]+)");
    private static final Pattern BARE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private TableName() {}

    /**
     * The name as SQL has it.
     *
     * @param name the property's value
     * @param quote the database's quote, a blank if it has none
     * @throws IllegalArgumentException if the name has no parts, too many, or an empty one
     */
    static String render(String name, String quote) {
        List<String> parts = new ArrayList<>();
        Matcher part = PART.matcher(name);
        int at = 0;
        while (at < name.length()) {
            if (!part.find(at) || part.start() != at) {
                throw bad(name);
            }
            String quoted = part.group(1);
            String text = quoted != null ? quoted : part.group(2);
            boolean bare = quoted == null && BARE.matcher(text).matches();
            parts.add(bare || quote.isBlank() ? text : quote + text.replace(quote, quote + quote) + quote);
            at = part.end();
            if (at < name.length() && (name.charAt(at) != '.' || ++at == name.length())) {
                throw bad(name);
            }
        }
        if (parts.isEmpty() || parts.size() > 3) {
            throw bad(name);
        }
        return String.join(".", parts);
    }

    private static IllegalArgumentException bad(String name) {
        return new IllegalArgumentException("table_name=" + name
                + " must be table or schema.table; put a part with a dot or a reserved word into double quotes");
    }
}
