package io.evenkeel.stacks;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.STOCK_FD_SOCK2;
import io.evenkeel.protocols.STRICT_DNS_PING;
import io.evenkeel.protocols.STRICT_TCPPING;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.VIEW_ORDER_DOWN;
import io.evenkeel.protocols.VIEW_ORDER_UP;
import io.evenkeel.stacks.kubernetes.STRICT_KUBE_PING;
import io.evenkeel.stacks.log.StackMessages;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.conf.ProtocolConfiguration;

/**
 * The names of the pack's protocols without their package, as users write them in a stack: {@code <STATE_FC/>}.
 *
 * <p>JGroups completes a short name with its own package only. They are therefore replaced by the full ones before
 * JGroups reads the stack.
 */
public final class ShortNames {
    private static final Map<String, String> FULL_NAMES = Stream.of(
                    JDBC_PING_LEASE.class,
                    TCP_NETTY.class,
                    STATE_FC.class,
                    STOCK_FD_SOCK2.class,
                    VIEW_ORDER_DOWN.class,
                    VIEW_ORDER_UP.class,
                    STRICT_TCPPING.class,
                    STRICT_DNS_PING.class,
                    STRICT_KUBE_PING.class)
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Class::getName));

    private static final String JGROUPS_PACKAGE = "org.jgroups.protocols.";
    private static final String POSITION = "stack.position";

    private ShortNames() {}

    /**
     * Replaces short names by full ones: those of protocols, and those that {@code stack.position} refers to.
     *
     * @param stack changed in place
     * @param classes where JGroups would look for a protocol of its own of that name
     * @throws IllegalArgumentException if JGroups has a protocol of such a name, so that the short name means two
     */
    public static void expand(List<ProtocolConfiguration> stack, ClassLoader classes) {
        UnaryOperator<String> full = name -> fullName(name, classes);
        stack.replaceAll(protocol -> expanded(protocol, full));
    }

    /** True if a cache configuration with this text may have a protocol of the pack in it under its short name. */
    public static boolean mayBeIn(String text) {
        return FULL_NAMES.keySet().stream().anyMatch(text::contains);
    }

    private static ProtocolConfiguration expanded(ProtocolConfiguration protocol, UnaryOperator<String> full) {
        protocol.getProperties().computeIfPresent(POSITION, (key, position) -> full.apply(position));
        String name = full.apply(protocol.getProtocolName());
        return name.equals(protocol.getProtocolName())
                ? protocol
                : new ProtocolConfiguration(name, protocol.getProperties(), protocol.getClassLoader());
    }

    private static String fullName(String name, ClassLoader classes) {
        String ours = FULL_NAMES.get(name);
        if (ours == null) {
            return name;
        }
        String theirs = JGROUPS_PACKAGE + name;
        if (classes.getResource(theirs.replace('.', '/') + ".class") != null) {
            throw new IllegalArgumentException(StackMessages.CONFIGURATION_REFUSED.text(
                    "the name " + name + " in a JGroups stack means two protocols, " + ours + " and " + theirs
                            + ": write the full name of the one that you want"));
        }
        return ours;
    }
}
