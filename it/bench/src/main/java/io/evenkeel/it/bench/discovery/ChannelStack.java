package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.ProtocolStackConfigurator;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.stack.Protocol;

/**
 * A stack for plain JGroups members, without TLS.
 *
 * <p>Stock is Infinispan's tcp stack with JGroups' JDBC_PING2 in the place of MPING, with the attributes that Keycloak
 * gives to its own subclass. That subclass runs in Keycloak only; it adds the column last_update and the removal of
 * rows older than 60 s.
 *
 * @param pool for stock, which takes a connection for each operation; null for ours, which has one of its own
 */
public record ChannelStack(List<ProtocolConfiguration> protocols, DataSource pool)
        implements ProtocolStackConfigurator {
    static ChannelStack stock(DataSource pool, String bindAddress) {
        List<ProtocolConfiguration> protocols = new ArrayList<>();
        for (ProtocolConfiguration protocol : read("org/infinispan/configuration/default-jgroups-tcp.xml")) {
            switch (protocol.getProtocolName()) {
                case "MPING" ->
                    protocols.add(new ProtocolConfiguration(
                            "JDBC_PING2",
                            new HashMap<>(Map.of(
                                    "initialize_sql", "",
                                    "remove_all_data_on_view_change", "true",
                                    "write_data_on_find", "true",
                                    "register_shutdown_hook", "false"))));
                case "TCP" -> protocols.add(with(protocol, Map.of("bind_addr", bindAddress, "bind_port", "0")));
                case "FD_SOCK2" -> protocols.add(with(protocol, Map.of("bind_addr", bindAddress)));
                default -> protocols.add(protocol);
            }
        }
        return new ChannelStack(protocols, pool);
    }

    /** Ours. */
    public static ChannelStack evenkeel(Database database, String bindAddress) {
        List<ProtocolConfiguration> protocols = new ArrayList<>();
        for (ProtocolConfiguration protocol : read("evenkeel/evenkeel-jdbc.xml")) {
            String name = protocol.getProtocolName();
            if (name.endsWith(".TCP_NETTY")) {
                protocols.add(with(protocol, Map.of("bind_addr", bindAddress, "bind_port", "0", "encryption", "none")));
            } else if (name.endsWith(".JDBC_PING_LEASE")) {
                protocols.add(with(
                        protocol,
                        Map.of(
                                "connection_url", database.jdbcUrl(),
                                "connection_username", database.owner().user(),
                                "connection_password", database.owner().password())));
            } else {
                protocols.add(protocol);
            }
        }
        return new ChannelStack(protocols, null);
    }

    /** The same with a failure detection of 4 s for silent peers. */
    ChannelStack withQuickDetection() {
        List<ProtocolConfiguration> changed = protocols.stream()
                .map(protocol -> protocol.getProtocolName().equals("FD_ALL3")
                        ? with(protocol, Map.of("timeout", "4s", "interval", "1s"))
                        : protocol)
                .toList();
        return new ChannelStack(changed, pool);
    }

    /** The same with other attributes of a protocol, named without its package. */
    public ChannelStack with(String protocolName, Map<String, String> attributes) {
        return new ChannelStack(
                protocols.stream()
                        .map(protocol -> protocol.getProtocolName().endsWith("." + protocolName)
                                ? with(protocol, attributes)
                                : protocol)
                        .toList(),
                pool);
    }

    private static ProtocolConfiguration with(ProtocolConfiguration protocol, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(protocol.getProperties());
        properties.putAll(more);
        return new ProtocolConfiguration(protocol.getProtocolName(), properties);
    }

    private static List<ProtocolConfiguration> read(String resource) {
        try (InputStream xml = ChannelStack.class.getClassLoader().getResourceAsStream(resource)) {
            if (xml == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return ConfiguratorFactory.getStackConfigurator(xml).getProtocolStack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + resource, e);
        }
    }

    @Override
    public String getProtocolStackString() {
        return String.valueOf(protocols);
    }

    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
        return protocols;
    }

    @Override
    public void afterCreation(Protocol protocol) {
        if (protocol instanceof JDBC_PING2 discovery) {
            discovery.setDataSource(pool);
        }
    }
}
