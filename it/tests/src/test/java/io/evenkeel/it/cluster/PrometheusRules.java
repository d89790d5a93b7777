package io.evenkeel.it.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' rules for names, types and help, as far as {@code promtool check metrics} knows them.
 *
 * @see <a href="https://prometheus.io/docs/practices/naming/">Metric and label naming</a>
 */
final class PrometheusRules {
    private static final Pattern META = Pattern.compile("(?m)^# (HELP|TYPE) (\\S+)(?: (.*))?$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{[^}]*})? \\S+$");
    private static final Set<String> NOT_BASE_UNITS = Set.of(
            "ms",
            "us",
            "ns",
            "millis",
            "milliseconds",
            "microseconds",
            "nanoseconds",
            "minutes",
            "hours",
            "days",
            "kb",
            "mb",
            "kilobytes",
            "megabytes",
            "percent");
    private static final Set<String> TYPES = Set.of("gauge", "counter", "summary", "histogram");

    private PrometheusRules() {}

    /** A line for each series of the prefix that breaks a rule; the text of /metrics must have such series. */
    static List<String> violations(String text, String prefix) {
        Map<String, String> help = meta(text, "HELP");
        Map<String, String> types = meta(text, "TYPE");
        List<String> violations = new ArrayList<>();
        boolean found = false;
        Matcher samples = SAMPLE.matcher(text);
        while (samples.find()) {
            String name = samples.group(1);
            if (name.startsWith(prefix)) {
                found = true;
                check(name, of(help, name, ""), of(types, name, "untyped"), violations);
            }
        }
        return found ? violations : List.of("there is no series that begins with " + prefix);
    }

    /** OpenMetrics, which Keycloak answers with, names a counter without _total in its help and type. */
    private static String of(Map<String, String> meta, String name, String otherwise) {
        String family = name.replaceFirst("_total$", "");
        return meta.getOrDefault(name, meta.getOrDefault(family, otherwise));
    }

    private static void check(String name, String help, String type, List<String> violations) {
        List<String> words = List.of(name.split("_", -1));
        if (help.isBlank()) {
            violations.add(name + " has no help");
        }
        if (type.equals("untyped")) {
            violations.add(name + " has no type");
        }
        if (type.equals("counter") != name.endsWith("_total")) {
            violations.add(name + " is a " + type + ": _total ends the names of counters, and of nothing else");
        }
        if (!name.matches("[a-z0-9_]+") || name.contains("__")) {
            violations.add(name + " is not in snake case");
        }
        for (String word : words) {
            if (NOT_BASE_UNITS.contains(word)) {
                violations.add(name + " has the unit " + word + ": seconds and bytes are the base units");
            }
            if (TYPES.contains(word)) {
                violations.add(name + " has its type in its name");
            }
        }
    }

    private static Map<String, String> meta(String text, String kind) {
        Map<String, String> values = new HashMap<>();
        Matcher matcher = META.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(kind)) {
                values.put(matcher.group(2), matcher.group(3) == null ? "" : matcher.group(3));
            }
        }
        return values;
    }
}
