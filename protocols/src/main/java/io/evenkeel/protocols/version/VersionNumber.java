package io.evenkeel.protocols.version;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The numbers at the beginning of a version; a qualifier is passed over, so that {@code 26.8.0-SNAPSHOT} is 26.8.0.
 *
 * @param parts the most significant first; a missing part is 0
 */
record VersionNumber(List<Integer> parts) implements Comparable<VersionNumber> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})*)(?:\\D.*)?");

    VersionNumber {
        parts = List.copyOf(parts);
    }

    /** Reads a version; empty if it does not begin with a number. */
    static Optional<VersionNumber> parse(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.matches()
                ? Optional.of(new VersionNumber(Stream.of(matcher.group(1).split("\\.", -1))
                        .map(Integer::valueOf)
                        .toList()))
                : Optional.empty();
    }

    private int part(int index) {
        return index < parts.size() ? parts.get(index) : 0;
    }

    @Override
    public int compareTo(VersionNumber other) {
        int length = Math.max(parts.size(), other.parts.size());
        for (int i = 0; i < length; i++) {
            int order = Integer.compare(part(i), other.part(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
