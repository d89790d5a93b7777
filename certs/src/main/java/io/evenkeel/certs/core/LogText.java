package io.evenkeel.certs.core;

/**
 * Text that a peer chose, made fit for a line of the log: names in certificates, reasons of refusals, names of clusters
 * and members. Such text must not be able to start a line of its own, to move the cursor of a terminal, or to reverse
 * what stands beside it (CVE-2021-42574). Pure.
 */
public final class LogText {
    private LogText() {}

    /** Replaces each control, format and separator character, and each half of a surrogate pair, by a space. */
    public static String oneLine(String text) {
        if (text.codePoints().allMatch(LogText::isPrintable)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(each -> line.appendCodePoint(isPrintable(each) ? each : ' '));
        return line.toString();
    }

    /** The same, cut after a number of characters. */
    public static String oneLine(String text, int maxChars) {
        String line = oneLine(text.length() <= maxChars ? text : text.substring(0, maxChars));
        return text.length() <= maxChars ? line : line + "...";
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
