package io.evenkeel.protocols.pacing.sim;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities as they are written in a scenario: 200mbit, 70kb, 1.5ms, 30%. */
final class Units {
    private static final Pattern QUANTITY = Pattern.compile("([0-9.]+)([a-z%]*)");
    private static final Map<String, Double> FACTORS = Map.ofEntries(
            Map.entry("ns", 1.0),
            Map.entry("us", 1e3),
            Map.entry("ms", 1e6),
            Map.entry("s", 1e9),
            Map.entry("b", 1.0),
            Map.entry("kb", 1e3),
            Map.entry("mb", 1e6),
            Map.entry("gb", 1e9),
            Map.entry("mbit", 1e6 / 8),
            Map.entry("gbit", 1e9 / 8),
            Map.entry("%", 0.01),
            Map.entry("", 1.0));

    private Units() {}

    static long ms(long ms) {
        return ms * 1_000_000;
    }

    static double number(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches() || !FACTORS.containsKey(matcher.group(2))) {
            throw new IllegalArgumentException("not a quantity: " + text);
        }
        return Double.parseDouble(matcher.group(1)) * FACTORS.get(matcher.group(2));
    }

    static long quantity(String text) {
        return Math.round(number(text));
    }
}
