package io.evenkeel.stacks.infinispan.restart;

import io.evenkeel.stacks.log.StackMessages;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.jgroups.util.Util;

/**
 * The settings that ease a restart, as properties of Infinispan's transport.
 *
 * @param graceMs how long a member that left in good order is expected back; 0 turns the grace off
 * @param guardMs how long a member that has the only copy of something waits before it leaves; 0 turns the guard off
 */
public record RestartOptions(long graceMs, long guardMs) {
    public static final String GRACE = "evenkeel.restart-grace";
    public static final String GUARD = "evenkeel.leave-guard";
    private static final String PREFIX = "evenkeel.";
    private static final List<String> KNOWN = List.of(GRACE, GUARD);
    private static final String DEFAULT = "60s";
    private static final Pattern DURATION = Pattern.compile("[0-9]+(ms|s|m|h)?");

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the property, its value and what it must be, or that there is no such one
     */
    static RestartOptions of(GlobalConfiguration configuration) {
        Properties properties = configuration.transport().properties();
        for (Object key : properties.keySet()) {
            String name = key.toString();
            if (name.startsWith(PREFIX) && !KNOWN.contains(name)) {
                throw new IllegalArgumentException(StackMessages.CONFIGURATION_REFUSED.text(
                        "transport property " + name + " is not one of Evenkeel's, which are " + KNOWN));
            }
        }
        return new RestartOptions(read(properties, GRACE), read(properties, GUARD));
    }

    private static long read(Properties properties, String name) {
        // Not getProperty, to which a value that is no text is not there: Java code may have set a number.
        String text = properties.getOrDefault(name, DEFAULT).toString();
        try {
            return durationMs(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    StackMessages.CONFIGURATION_REFUSED.text(
                            "transport property " + name + "=" + text + " must be a time such as 60s, 2m or 0"),
                    e);
        }
    }

    /**
     * Milliseconds of a time such as 60s.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static long durationMs(String text) {
        if (!DURATION.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return Util.readDurationLong(text, TimeUnit.MILLISECONDS);
    }
}
