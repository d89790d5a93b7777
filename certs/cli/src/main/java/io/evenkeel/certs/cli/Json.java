package io.evenkeel.certs.cli;

import java.util.Collection;
import java.util.Map;

/** JSON (RFC 8259) out of maps, collections, texts, numbers, booleans and null. */
final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.append(value, "\n");
        return json.text.toString();
    }

    private void append(Object value, String newLine) {
        if (value instanceof Map<?, ?> map) {
            group('{', '}', map.entrySet(), newLine, (entry, inner) -> {
                quote(String.valueOf(entry.getKey()));
                text.append(": ");
                append(entry.getValue(), inner);
            });
        } else if (value instanceof Collection<?> items) {
            group('[', ']', items, newLine, this::append);
        } else if (value instanceof CharSequence chars) {
            quote(chars);
        } else {
            text.append(value);
        }
    }

    private interface Element<T> {
        void append(T element, String newLine);
    }

    private <T> void group(char open, char close, Collection<T> elements, String newLine, Element<T> each) {
        text.append(open);
        String inner = newLine + "  ";
        String separator = inner;
        for (T element : elements) {
            text.append(separator);
            each.append(element, inner);
            separator = "," + inner;
        }
        text.append(elements.isEmpty() ? "" : newLine).append(close);
    }

    private void quote(CharSequence chars) {
        text.append('"');
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
