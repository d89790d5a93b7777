package io.evenkeel.it.bench.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;

/**
 * A stack as users have it, for a fixed list of members: Infinispan's own tcp stack with TCPPING in the place of MPING,
 * or Evenkeel's static one. {@link #write} makes a file of it for one member.
 */
public record StackXml(List<ProtocolConfiguration> protocols) {
    private static final String STOCK = "org/infinispan/configuration/default-jgroups-tcp.xml";
    private static final String EVENKEEL = "evenkeel/evenkeel-static.xml";

    public StackXml {
        protocols = List.copyOf(protocols);
    }

    /** Infinispan's tcp stack, FD_SOCK2 and all; with the attributes that Keycloak gives it for mTLS. */
    public static StackXml stock(Map<String, String> keyStores) {
        Map<String, String> tls =
                new HashMap<>(Map.of("tls.enabled", "true", "tls.client_auth", "NEED", "tls.protocols", "TLSv1.3"));
        tls.putAll(keyStores);
        return read(STOCK).withTransport(tls);
    }

    /** Infinispan's tcp stack in clear. */
    public static StackXml stockInClear() {
        return read(STOCK);
    }

    /** Evenkeel's stack in clear. */
    public static StackXml evenkeelInClear() {
        return read(EVENKEEL).withTransport(Map.of("encryption", "none"));
    }

    /** Evenkeel's stack for a fixed list of members. */
    public static StackXml evenkeel(Map<String, String> keyStores) {
        return read(EVENKEEL).withTransport(keyStores);
    }

    /** The same with other attributes of the transport. */
    public StackXml withTransport(Map<String, String> attributes) {
        List<ProtocolConfiguration> changed = new ArrayList<>(protocols);
        changed.set(0, with(protocols.get(0), attributes));
        return new StackXml(changed);
    }

    /**
     * Writes the stack of one member.
     *
     * @param hosts all members, as TCPPING wants them: {@code 127.0.0.1[7800],127.0.0.1[7801]}
     */
    public void write(Path file, String address, int port, String hosts) {
        StackXml own =
                withTransport(Map.of("bind_addr", address, "bind_port", Integer.toString(port), "port_range", "0"));
        String body = own.protocols().stream()
                .map(protocol -> element(forMember(protocol, address, hosts)))
                .collect(Collectors.joining());
        try {
            Files.writeString(file, "<config xmlns=\"urn:org:jgroups\">\n" + body + "</config>\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProtocolConfiguration forMember(ProtocolConfiguration protocol, String address, String hosts) {
        return switch (protocol.getProtocolName()) {
            case "MPING", "TCPPING", "io.evenkeel.protocols.STRICT_TCPPING" ->
                new ProtocolConfiguration("TCPPING", Map.of("initial_hosts", hosts, "port_range", "0"));
            case "FD_SOCK2" -> with(protocol, Map.of("bind_addr", address));
            default -> protocol;
        };
    }

    private static String element(ProtocolConfiguration protocol) {
        return new TreeMap<>(protocol.getProperties())
                .entrySet().stream()
                        .map(attribute -> attribute.getKey() + "=\"" + attribute.getValue() + "\"")
                        .collect(Collectors.joining(" ", "  <" + protocol.getProtocolName() + " ", "/>\n"));
    }

    private static ProtocolConfiguration with(ProtocolConfiguration protocol, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(protocol.getProperties());
        properties.putAll(more);
        return new ProtocolConfiguration(protocol.getProtocolName(), properties);
    }

    private static StackXml read(String resource) {
        try (InputStream xml = StackXml.class.getClassLoader().getResourceAsStream(resource)) {
            if (xml == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new StackXml(ConfiguratorFactory.getStackConfigurator(xml).getProtocolStack());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + resource, e);
        }
    }
}
