package io.evenkeel.it.member;

import io.evenkeel.it.node.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.ProtocolStackConfigurator;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.stack.Protocol;

/**
 * A stack as users have it: Infinispan's own tcp stack, or one of Evenkeel's, which have to be on the class path. For a
 * fixed list of members {@link #write} makes a file of it; on a database it configures a channel itself.
 *
 * @param afterCreation given each protocol of a channel
 */
public record StackXml(List<ProtocolConfiguration> protocols, Consumer<Protocol> afterCreation)
        implements ProtocolStackConfigurator {
    private static final String STOCK = "org/infinispan/configuration/default-jgroups-tcp.xml";
    private static final String STATIC = "evenkeel/evenkeel-static.xml";
    private static final String JDBC = "evenkeel/evenkeel-jdbc.xml";
    private static final String STOCK_FD_SOCK2 = "io.evenkeel.protocols.STOCK_FD_SOCK2";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Map<String, String> IN_CLEAR = Map.of("encryption", "none");

    public StackXml {
        protocols = List.copyOf(protocols);
    }

    /** Infinispan's tcp stack, FD_SOCK2 and all; with the attributes that Keycloak gives it for mTLS. */
    public static StackXml stock(Map<String, String> keyStores) {
        return read(STOCK)
                .withTransport(Map.of("tls.enabled", "true", "tls.client_auth", "NEED", "tls.protocols", "TLSv1.3"))
                .withTransport(keyStores);
    }

    /** Infinispan's tcp stack in clear. */
    public static StackXml stockInClear() {
        return read(STOCK);
    }

    /** Evenkeel's stack in clear. */
    public static StackXml evenkeelInClear() {
        return read(STATIC).withTransport(IN_CLEAR);
    }

    /** Evenkeel's stack for a fixed list of members. */
    public static StackXml evenkeel(Map<String, String> keyStores) {
        return read(STATIC).withTransport(keyStores);
    }

    /**
     * Infinispan's tcp stack in clear with JGroups' JDBC_PING2 in the place of MPING, with the attributes that Keycloak
     * gives to its own subclass. That subclass runs in Keycloak only; it adds the column last_update and the removal of
     * rows older than 60 s.
     *
     * @param pool from which it takes a connection for each operation
     */
    public static StackXml stockOn(DataSource pool, String bindAddress) {
        ProtocolConfiguration discovery = new ProtocolConfiguration(
                "JDBC_PING2",
                new HashMap<>(Map.of(
                        "initialize_sql", "",
                        "remove_all_data_on_view_change", "true",
                        "write_data_on_find", "true",
                        "register_shutdown_hook", "false")));
        StackXml stack = read(STOCK)
                .map("MPING", mping -> discovery)
                .with("FD_SOCK2", Map.of("bind_addr", bindAddress))
                .at(bindAddress);
        return new StackXml(stack.protocols, protocol -> {
            if (protocol instanceof JDBC_PING2 ping) {
                ping.setDataSource(pool);
            }
        });
    }

    /** Evenkeel's stack in clear on a database, to which it has a connection of its own. */
    public static StackXml evenkeelOn(Database database, String bindAddress) {
        return read(JDBC)
                .at(bindAddress)
                .withTransport(IN_CLEAR)
                .with(
                        "JDBC_PING_LEASE",
                        Map.of(
                                "connection_url", database.jdbcUrl(),
                                "connection_username", database.owner().user(),
                                "connection_password", database.owner().password()));
    }

    /** Stock's stack with Evenkeel's protocols in it, as Keycloak's glue makes it for {@code evenkeel-migrate}. */
    public static StackXml migrateOn(DataSource pool, Database database, String bindAddress) {
        StackXml ours = evenkeelOn(database, bindAddress);
        StackXml stock = stockOn(pool, bindAddress);
        List<ProtocolConfiguration> protocols = new ArrayList<>();
        protocols.add(with(ours.named("TCP_NETTY"), Map.of("stock_peers", "accept")));
        for (ProtocolConfiguration protocol : stock.protocols) {
            switch (protocol.getProtocolName()) {
                case "TCP", "RED" -> {}
                case "JDBC_PING2" -> {
                    protocols.add(protocol);
                    protocols.add(with(ours.named("JDBC_PING_LEASE"), Map.of("stock_cluster", "join")));
                }
                case "FD_SOCK2" -> protocols.add(new ProtocolConfiguration(STOCK_FD_SOCK2, protocol.getProperties()));
                case "pbcast.GMS" -> {
                    protocols.add(ours.named("VIEW_ORDER_DOWN"));
                    protocols.add(protocol);
                    protocols.add(ours.named("VIEW_ORDER_UP"));
                }
                default -> protocols.add(protocol);
            }
        }
        protocols.add(ours.named("STATE_FC"));
        return new StackXml(protocols, stock.afterCreation);
    }

    private ProtocolConfiguration named(String name) {
        return protocols.stream()
                .filter(protocol -> isNamed(protocol, name))
                .findFirst()
                .orElseThrow();
    }

    /** The stack of an XML text. */
    public static StackXml parse(String xml) {
        return parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), "the stack");
    }

    private static StackXml read(String resource) {
        try (InputStream xml = StackXml.class.getClassLoader().getResourceAsStream(resource)) {
            if (xml == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return parse(xml, resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StackXml parse(InputStream xml, String name) {
        try {
            return new StackXml(ConfiguratorFactory.getStackConfigurator(xml).getProtocolStack(), protocol -> {});
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }

    private StackXml at(String bindAddress) {
        return withTransport(Map.of("bind_addr", bindAddress, "bind_port", "0"));
    }

    /** The same with other attributes of the transport. */
    public StackXml withTransport(Map<String, String> attributes) {
        return with(protocols.get(0).getProtocolName(), attributes);
    }

    /** The same with other attributes of a protocol, whose package may be left out. */
    public StackXml with(String protocolName, Map<String, String> attributes) {
        return map(protocolName, protocol -> with(protocol, attributes));
    }

    /** The same with a failure detection of 4 s for silent peers. */
    public StackXml withQuickDetection() {
        return with("FD_ALL3", Map.of("timeout", "4s", "interval", "1s"));
    }

    private StackXml map(String protocolName, UnaryOperator<ProtocolConfiguration> change) {
        return new StackXml(
                protocols.stream()
                        .map(protocol -> isNamed(protocol, protocolName) ? change.apply(protocol) : protocol)
                        .toList(),
                afterCreation);
    }

    private static boolean isNamed(ProtocolConfiguration protocol, String name) {
        return protocol.getProtocolName().equals(name)
                || protocol.getProtocolName().endsWith("." + name);
    }

    private static ProtocolConfiguration with(ProtocolConfiguration protocol, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(protocol.getProperties());
        properties.putAll(more);
        return new ProtocolConfiguration(protocol.getProtocolName(), properties);
    }

    /** Writes the stack of the member at one of these ports of loopback. */
    public void write(Path file, int port, List<Integer> ports) {
        String hosts = ports.stream().map(each -> LOOPBACK + "[" + each + "]").collect(Collectors.joining(","));
        write(file, LOOPBACK, port, hosts);
    }

    /**
     * Writes the stack of one member, with TCPPING for its discovery.
     *
     * @param hosts all members, as TCPPING wants them: {@code 127.0.0.1[7800],127.0.0.1[7801]}
     */
    public void write(Path file, String address, int port, String hosts) {
        ProtocolConfiguration discovery =
                new ProtocolConfiguration("TCPPING", Map.of("initial_hosts", hosts, "port_range", "0"));
        String body = withTransport(
                        Map.of("bind_addr", address, "bind_port", Integer.toString(port), "port_range", "0"))
                .with("FD_SOCK2", Map.of("bind_addr", address))
                .map("MPING", protocol -> discovery)
                .map("TCPPING", protocol -> discovery)
                .map("STRICT_TCPPING", protocol -> discovery)
                .protocols
                .stream()
                .map(StackXml::element)
                .collect(Collectors.joining());
        try {
            Files.writeString(file, "<config xmlns=\"urn:org:jgroups\">\n" + body + "</config>\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String element(ProtocolConfiguration protocol) {
        return new TreeMap<>(protocol.getProperties())
                .entrySet().stream()
                        .map(attribute -> attribute.getKey() + "=\"" + attribute.getValue() + "\"")
                        .collect(Collectors.joining(" ", "  <" + protocol.getProtocolName() + " ", "/>\n"));
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
        afterCreation.accept(protocol);
    }
}
