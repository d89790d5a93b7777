package io.evenkeel.stacks.infinispan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.conf.AttributeType;

/**
 * The name of a managed attribute on {@code /metrics}, by the rules of Prometheus: snake case, base units (seconds,
 * bytes, ratios of 1) written out at the end, {@code _total} behind a counter.
 *
 * @param name such as {@code evenkeel_tcp_netty_sent_bytes_total}
 * @param scale what the attribute's value is multiplied by to be in the base unit
 * @param counter whether the value only grows while the protocol runs
 * @see <a href="https://prometheus.io/docs/practices/naming/">Metric and label naming</a>
 */
record MeterName(String name, double scale, boolean counter) {
    private static final String APPLICATION = "evenkeel_";

    private record Unit(String name, double scale) {}

    /** The units that end the names of getters, as everywhere in the code of the pack. */
    private static final Map<String, Unit> UNITS = Map.of(
            "us", new Unit("seconds", 1e-6),
            "ms", new Unit("seconds", 1e-3),
            "epoch_s", new Unit("timestamp_seconds", 1),
            "percent", new Unit("ratio", 1e-2),
            "bytes_per_second", new Unit("bytes_per_second", 1));

    /**
     * Derives it from a getter and its annotation.
     *
     * @param protocol the simple name of the protocol's class
     * @param getter such as getBytesSent
     */
    static MeterName of(String protocol, String getter, ManagedAttribute attribute) {
        String words = snakeCase(getter.substring("get".length()));
        Unit unit = new Unit("", 1);
        for (Map.Entry<String, Unit> each : UNITS.entrySet()) {
            if (words.endsWith("_" + each.getKey())) {
                unit = each.getValue();
                words = words.substring(0, words.length() - each.getKey().length() - 1);
            }
        }
        if (unit.name().isEmpty() && attribute.type() == AttributeType.BYTES) {
            unit = new Unit("bytes", 1);
            words = without(words, "bytes");
        }
        boolean counter = !attribute.gauge();
        String name = APPLICATION + protocol.toLowerCase(Locale.ROOT) + "_" + words
                + (unit.name().isEmpty() ? "" : "_" + unit.name()) + (counter ? "_total" : "");
        return new MeterName(name, unit.scale(), counter);
    }

    private static String snakeCase(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private static String without(String words, String word) {
        List<String> all = new ArrayList<>(List.of(words.split("_")));
        all.remove(word);
        return String.join("_", all);
    }
}
