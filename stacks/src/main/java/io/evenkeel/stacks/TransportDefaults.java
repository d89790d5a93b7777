package io.evenkeel.stacks;

import io.evenkeel.protocols.TCP_NETTY;
import java.util.List;
import java.util.Map;
import org.jgroups.conf.ProtocolConfiguration;

/**
 * The attributes of TCP_NETTY in the pack's own stacks, for a TCP_NETTY that a user puts in the place of another
 * transport.
 *
 * <p>Infinispan's REPLACE drops the attributes of the replaced transport, and with them the address and port that
 * Keycloak's options set. Nobody can write them into the file: its {@code ${...}} are replaced before Keycloak sets the
 * properties. These values keep theirs until JGroups replaces them, when the channel is created.
 */
public final class TransportDefaults {
    private static final EvenkeelStack SOURCE = new EvenkeelStack("evenkeel-jdbc");

    private TransportDefaults() {}

    /** Adds what the user has not set to each TCP_NETTY that replaces another protocol. */
    public static void addTo(List<ProtocolConfiguration> stack) {
        stack.stream()
                .filter(protocol -> protocol.getProtocolName().equals(TCP_NETTY.class.getName()))
                .filter(protocol -> "REPLACE".equals(protocol.getProperties().get("stack.combine")))
                .forEach(protocol -> ours().forEach(protocol.getProperties()::putIfAbsent));
    }

    private static Map<String, String> ours() {
        return SOURCE.protocols().get(0).getProperties();
    }
}
