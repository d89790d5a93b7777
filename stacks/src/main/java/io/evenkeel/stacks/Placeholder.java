package io.evenkeel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jgroups.conf.ProtocolConfiguration;

/**
 * A value of a prebuilt stack that is looked up in properties when the channel is created, such as
 * {@code ${jgroups.bind.port,jgroups.tcp.port:7800}}.
 *
 * @param protocol as the XML names it
 * @param names of the properties, the first one that is set counts
 * @param otherwise the value if none is set; empty for none
 */
public record Placeholder(String protocol, String attribute, List<String> names, String otherwise) {
    private static final Pattern PATTERN = Pattern.compile("\\$\\{([^:}]+)(?::([^}]*))?}");

    /** All of a stack, in the order of its protocols and of the attributes' names. */
    public static List<Placeholder> of(EvenkeelStack stack) {
        List<Placeholder> all = new ArrayList<>();
        for (ProtocolConfiguration protocol : stack.protocols()) {
            new TreeMap<>(protocol.getProperties()).forEach((attribute, value) -> {
                Matcher placeholder = PATTERN.matcher(value);
                if (placeholder.matches()) {
                    all.add(new Placeholder(
                            protocol.getProtocolName(),
                            attribute,
                            List.of(placeholder.group(1).split(",", -1)),
                            placeholder.group(2) == null ? "" : placeholder.group(2)));
                }
            });
        }
        return all;
    }
}
