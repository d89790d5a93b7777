package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.STOCK_FD_SOCK2;
import io.evenkeel.protocols.TCP_NETTY;
import io.evenkeel.protocols.VIEW_ORDER_DOWN;
import io.evenkeel.protocols.VIEW_ORDER_UP;
import io.evenkeel.stacks.TransportDefaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.remoting.transport.jgroups.EmbeddedJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The stack {@code evenkeel-migrate}: Keycloak's jdbc-ping with the pack's protocols in it, so that a node on it is in
 * one view with nodes on jdbc-ping, which find it in their table, and with nodes on evenkeel-jdbc, which find it in
 * theirs.
 *
 * <p>FD_SOCK2 of the nodes on jdbc-ping watches each other and nodes on this stack, with {@link STOCK_FD_SOCK2} in its
 * place.
 */
final class MigrateStack {
    static final String NAME = "evenkeel-migrate";

    /** Its value of stock_cluster. */
    static final String STOCK_CLUSTER = "join";

    private static final String GMS = "pbcast.GMS";
    private static final String RING = "FD_SOCK2";

    /** The stacks whose nodes can be in one cluster with nodes on this one. */
    private static final Set<String> NEIGHBOURS = Set.of("jdbc-ping", "evenkeel-jdbc");

    private MigrateStack() {}

    /**
     * True if a cluster can go from one of the two stacks to the other node after node, and one of them is this one.
     *
     * @param from null if none is known
     * @param to null if none is known
     */
    static boolean isBetween(@Nullable String from, @Nullable String to) {
        return (NAME.equals(from) && to != null && NEIGHBOURS.contains(to))
                || (NAME.equals(to) && from != null && NEIGHBOURS.contains(from));
    }

    /**
     * Adds it.
     *
     * @param base Keycloak's stack
     * @param discovery its protocol of discovery, as it stands there
     */
    static void addTo(ConfigurationBuilderHolder holder, JGroupsChannelConfigurator base, String discovery) {
        List<ProtocolConfiguration> protocols = new ArrayList<>(List.of(
                changed(TCP_NETTY.class, "REPLACE", "TCP", Map.of("stock_peers", "accept")),
                changed(JDBC_PING_LEASE.class, "INSERT_ABOVE", discovery, Map.of("stock_cluster", STOCK_CLUSTER)),
                changed(VIEW_ORDER_DOWN.class, "INSERT_BELOW", GMS, Map.of()),
                changed(VIEW_ORDER_UP.class, "INSERT_ABOVE", GMS, Map.of()),
                new ProtocolConfiguration(STATE_FC.class.getName(), new HashMap<>())));
        // Keycloak's own option leaves it out.
        base.getProtocolStack().stream()
                .filter(protocol -> protocol.getProtocolName().equals(RING))
                .map(protocol -> changed(STOCK_FD_SOCK2.class, "REPLACE", RING, protocol.getProperties()))
                .forEach(protocols::add);
        TransportDefaults.addTo(protocols);
        holder.addJGroupsStack(new EmbeddedJGroupsChannelConfigurator(NAME, protocols, null), base.getName());
    }

    private static ProtocolConfiguration changed(
            Class<?> protocol, String change, String position, Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put("stack.combine", change);
        all.put("stack.position", position);
        return new ProtocolConfiguration(protocol.getName(), all);
    }
}
