package io.evenkeel.it.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds in the log of a Keycloak that did not start the lines that say why. */
final class StartFailure {
    private static final int LINES = 5;
    private static final int TAIL = 5;
    private static final int LINE_CHARS = 240;

    private static final Pattern OUT_OF_MEMORY = Pattern.compile("java\\.lang\\.OutOfMemoryError[^\\r\\n]*");
    private static final Pattern UNKNOWN_STACK = Pattern.compile("ISPN000540: [^\\r\\n]*");
    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b.*?(?:\\) )(?:ERROR: )?(.*)$");
    private static final Set<String> EMPTY_WORDS = Set.of(
            "Failed to start server in (production) mode",
            "For more details run the same command passing the '--verbose' option. Also you can use '--help' to see the"
                    + " details about the usage of the particular command.");

    private StartFailure() {}

    /** The cause first; the end of the log if no line looks like a cause. */
    static List<String> reason(List<String> lines) {
        for (Pattern certain : List.of(OUT_OF_MEMORY, UNKNOWN_STACK)) {
            for (String line : lines) {
                Matcher m = certain.matcher(line);
                if (m.find()) {
                    return List.of(m.group());
                }
            }
        }
        List<String> errors = lines.stream()
                .map(ERROR::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(1))
                .filter(text -> !EMPTY_WORDS.contains(text) && !text.isBlank())
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        List<String> found = errors.isEmpty() ? tail(lines, TAIL) : tail(errors, LINES);
        return found.stream().map(StartFailure::shorten).toList();
    }

    private static String shorten(String line) {
        return line.length() <= LINE_CHARS ? line : line.substring(0, LINE_CHARS) + "...";
    }

    private static List<String> tail(List<String> lines, int count) {
        List<String> filled = lines.stream().filter(l -> !l.isBlank()).toList();
        return filled.subList(Math.max(0, filled.size() - count), filled.size());
    }
}
