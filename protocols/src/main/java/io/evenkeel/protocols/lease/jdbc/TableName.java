package io.evenkeel.protocols.lease.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table's name as users write it, {@code table} or {@code schema.table}. A part that is an ordinary identifier stays
 * bare, so that the database folds its case as it does for everything else; any other part is quoted. A part in double
 * quotes is taken as it stands and always quoted, which also serves reserved words.
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
        for (Part part : split("table_name", name)) {
            boolean bare = !part.quoted && BARE.matcher(part.text).matches();
            parts.add(bare ? part.text : quoted(quote, part.text));
        }
        return String.join(".", parts);
    }

    /**
     * The parts of a name, without quotes; see {@link #render} for what is refused.
     *
     * @param attribute that holds the name
     */
    static List<String> parts(String attribute, String name) {
        return split(attribute, name).stream().map(Part::text).toList();
    }

    /**
     * A name that is spelled as the database has it.
     *
     * @param quote the database's quote, a blank or null if it has none
     * @param schema null or empty for none
     */
    static String quote(@Nullable String quote, @Nullable String schema, String table) {
        String mark = quote == null ? " " : quote;
        String last = quoted(mark, table);
        return schema == null || schema.isEmpty() ? last : quoted(mark, schema) + "." + last;
    }

    private static String quoted(String quote, String text) {
        return quote.isBlank() ? text : quote + text.replace(quote, quote + quote) + quote;
    }

    private record Part(String text, boolean quoted) {}

    private static List<Part> split(String attribute, String name) {
        List<Part> parts = new ArrayList<>();
        Matcher part = PART.matcher(name);
        int at = 0;
        while (at < name.length()) {
            if (!part.find(at) || part.start() != at) {
                throw bad(attribute, name);
            }
            String quoted = part.group(1);
            parts.add(new Part(quoted != null ? quoted : part.group(2), quoted != null));
            at = part.end();
            if (at < name.length() && (name.charAt(at) != '.' || ++at == name.length())) {
                throw bad(attribute, name);
            }
        }
        if (parts.isEmpty() || parts.size() > 2) {
            throw bad(attribute, name);
        }
        return parts;
    }

    private static IllegalArgumentException bad(String attribute, String name) {
        return new IllegalArgumentException(attribute + "=" + name
                + " must be table or schema.table; put a part with a dot or a reserved word into double quotes");
    }
}
