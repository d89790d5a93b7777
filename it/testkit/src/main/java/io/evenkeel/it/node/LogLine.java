package io.evenkeel.it.node;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of Keycloak's log in its default console format.
 *
 * @param time in the node's time zone, to the millisecond
 */
public record LogLine(LocalDateTime time, String level, String logger, String thread, String message) {
    private static final Pattern FORMAT = Pattern.compile(
            "^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}) ([A-Z]+) +\\[([^]]*)] \\((.*?)\\) (.*)$");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");

    /** Empty for what is not the first line of an entry, such as a stack trace. */
    public static Optional<LogLine> parse(String line) {
        Matcher m = FORMAT.matcher(line);
        return m.matches()
                ? Optional.of(new LogLine(
                        LocalDateTime.parse(m.group(1), TIME), m.group(2), m.group(3), m.group(4), m.group(5)))
                : Optional.empty();
    }

    public static List<LogLine> parse(List<String> lines) {
        return lines.stream().map(LogLine::parse).flatMap(Optional::stream).toList();
    }
}
