package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.jgroups.annotations.Property;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each error of the configuration names the protocol, the attribute, its value and what it must be. */
class ConfigurationErrorsTest {
    private static final List<Class<? extends Protocol>> OURS =
            List.of(TCP_NETTY.class, JDBC_PING_LEASE.class, STATE_FC.class);

    private static final TlsMaterial MATERIAL = material();

    /** Attributes of JGroups' TCP that are named in a line of the log and do nothing, whatever their value. */
    private static final Set<String> IGNORED = ignoredAttributes();

    /** The settings that a stack needs to come as far as the attribute under test. */
    private static final Map<Class<?>, Map<String, String>> NEEDED = Map.of(
            TCP_NETTY.class, Map.of(),
            JDBC_PING_LEASE.class, Map.of("connection_url", "jdbc:h2:mem:configuration"),
            STATE_FC.class, Map.of());

    static Stream<Arguments> numbers() {
        return OURS.stream().flatMap(protocol -> numericAttributes(protocol)
                .filter(attribute -> !IGNORED.contains(attribute))
                .map(attribute -> Arguments.of(protocol, attribute)));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void aNumberThatMakesNoSenseIsRefused(Class<? extends Protocol> protocol, String attribute) {
        assertThatThrownBy(() -> start(protocol, Map.of(attribute, "-7")))
                .as("%s=-7", attribute)
                .satisfies(failure -> assertThat(messages(failure)).anySatisfy(message -> assertThat(message)
                        .startsWith("EVK0004: " + protocol.getSimpleName() + ": ")
                        .contains(attribute + "=-7")
                        .contains("must be")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TCP_NETTY | encryption=off | must be tls or none",
                "TCP_NETTY | tls_provider=gnutls | must be auto, jdk or openssl",
                "TCP_NETTY | reconnect_backoff_max=1 | must be >= reconnect_backoff_min=20",
                "TCP_NETTY | max_frame_size=65535 | must be from 65536",
                "JDBC_PING_LEASE | heartbeat_interval=20000 | must be < lease_ttl/3",
                "JDBC_PING_LEASE | query_timeout=1500 | must be a multiple of 1000 ms",
                "JDBC_PING_LEASE | network_timeout=1000 | must be > query_timeout",
                "JDBC_PING_LEASE | table_name=a.b.c | must be table or schema.table",
                "JDBC_PING_LEASE | num_discovery_runs=3 | must be 1",
                "STATE_FC | floor=8000000 | must be",
                "STATE_FC | cap=100 | must be",
                "STATE_FC | decrease=2 | must be",
            })
    void theLimitIsNamed(String protocol, String attributes, String limit) {
        Class<? extends Protocol> type = OURS.stream()
                .filter(each -> each.getSimpleName().equals(protocol))
                .findFirst()
                .orElseThrow();
        String wrong = attributes.split(",", -1)[0];

        assertThatThrownBy(() -> start(type, parsed(attributes)))
                .satisfies(failure -> assertThat(messages(failure)).anySatisfy(message -> assertThat(message)
                        .startsWith("EVK0004: " + protocol)
                        .contains(wrong.split("=", -1)[0])
                        .contains(limit)));
    }

    @Test
    void whatIsChangedWhileItRunsIsRefusedInTheSameWords() throws Exception {
        try (JChannel channel = new JChannel(stack(STATE_FC.class, Map.of()))) {
            STATE_FC pacing = channel.getProtocolStack().findProtocol(STATE_FC.class);

            assertThatThrownBy(() -> pacing.setCap(1)).hasMessageStartingWith("EVK0004: STATE_FC: cap=1 must be");
        }
    }

    private static TlsMaterial material() {
        SecureRandom random = new SecureRandom();
        Instant from = Instant.now().minus(Duration.ofHours(1));
        Instant to = Instant.now().plus(Duration.ofHours(1));
        CertificateAuthority authority = CertificateAuthority.create("CN=Test CA", from, to, random);
        return TlsMaterial.of(
                authority.issue(CertificateSpec.node("CN=node", from, to), random), List.of(authority.certificate()));
    }

    private static Map<String, String> parsed(String attributes) {
        return Stream.of(attributes.split(",", -1))
                .map(attribute -> attribute.split("=", -1))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private static void start(Class<? extends Protocol> protocol, Map<String, String> attributes) throws Exception {
        try (JChannel channel = new JChannel(stack(protocol, attributes))) {
            if (channel.getProtocolStack().getTransport() instanceof TCP_NETTY transport) {
                transport.setTlsMaterial(MATERIAL);
            }
            // Some is checked when the protocol is initialised, the rest when it starts.
            channel.connect("configuration");
        }
    }

    private static ByteArrayInputStream stack(Class<? extends Protocol> protocol, Map<String, String> attributes) {
        String xml = "<config>"
                + element("TCP", TCP_NETTY.class, protocol, attributes)
                + element("LOCAL_PING", JDBC_PING_LEASE.class, protocol, attributes)
                + "<pbcast.NAKACK2 use_mcast_xmit=\"false\"/><UNICAST3/><pbcast.GMS print_local_addr=\"false\"/>"
                + element("FRAG4", STATE_FC.class, protocol, attributes) + "</config>";
        return new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    }

    private static String element(String otherwise, Class<?> place, Class<?> protocol, Map<String, String> attributes) {
        Map<String, String> all = new TreeMap<>();
        if (place == TCP_NETTY.class) {
            all.putAll(Map.of("bind_addr", "127.0.0.1", "bind_port", "0", "diag.enabled", "false"));
        }
        if (place == protocol) {
            all.putAll(NEEDED.get(protocol));
            all.putAll(attributes);
        }
        return all.entrySet().stream()
                .map(attribute -> attribute.getKey() + "=\"" + attribute.getValue() + "\"")
                .collect(Collectors.joining(
                        " ", "<" + (place == protocol ? protocol.getName() : otherwise) + " ", "/>"));
    }

    private static Stream<String> numericAttributes(Class<?> protocol) {
        List<String> names = new ArrayList<>();
        for (Class<?> each = protocol; each.getName().startsWith("io.evenkeel."); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                Class<?> type = field.getType();
                if (field.isAnnotationPresent(Property.class)
                        && (type == int.class || type == long.class || type == double.class)) {
                    names.add(field.getName());
                }
            }
        }
        return names.stream();
    }

    private static Set<String> ignoredAttributes() {
        return Stream.of(StockTcpAttributes.class.getDeclaredFields())
                .map(Field::getName)
                .collect(Collectors.toSet());
    }

    private static List<String> messages(Throwable failure) {
        List<String> messages = new ArrayList<>();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            messages.add(String.valueOf(each.getMessage()));
        }
        return messages;
    }
}
