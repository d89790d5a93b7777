package io.evenkeel.certs.core;

/**
 * A pattern in which {@code *} stands for any characters but a separator, none included, and {@code **} for any at all.
 *
 * <p>Not a regular expression: a peer's name must not be able to cost more than its length times the pattern's.
 */
final class Glob {

    private static final char NO_SEPARATOR = '\0';

    private final String pattern;
    private final char separator;

    private Glob(String pattern, char separator) {
        this.pattern = pattern;
        this.separator = separator;
    }

    /** A pattern whose {@code *} stops at the separator. */
    static Glob within(char separator, String pattern) {
        return new Glob(pattern, separator);
    }

    /** A pattern whose {@code *} stops at nothing. */
    static Glob whole(String pattern) {
        return new Glob(pattern, NO_SEPARATOR);
    }

    boolean matches(String text) {
        // reach[j]: the pattern so far can match the first j characters.
        boolean[] reach = new boolean[text.length() + 1];
        reach[0] = true;
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '*') {
                advance(reach, text, pattern.charAt(i));
            } else if (i + 1 < pattern.length() && pattern.charAt(i + 1) == '*') {
                i++;
                spread(reach, text, NO_SEPARATOR);
            } else {
                spread(reach, text, separator);
            }
        }
        return reach[text.length()];
    }

    private static void advance(boolean[] reach, String text, char wanted) {
        for (int j = text.length(); j > 0; j--) {
            reach[j] = reach[j - 1] && text.charAt(j - 1) == wanted;
        }
        reach[0] = false;
    }

    private static void spread(boolean[] reach, String text, char stop) {
        for (int j = 1; j <= text.length(); j++) {
            boolean passable = stop == NO_SEPARATOR || text.charAt(j - 1) != stop;
            reach[j] = reach[j] || (passable && reach[j - 1]);
        }
    }
}
