package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;

class ShortNamesTest {
    private static final ClassLoader CLASSES = ProtocolConfiguration.class.getClassLoader();

    @Test
    void becomeFullOnesAndKeepTheirAttributes() {
        List<ProtocolConfiguration> stack = stack(
                new ProtocolConfiguration("TCP_NETTY", Map.of("bind_port", "7800", "stack.position", "TCP")),
                new ProtocolConfiguration("JDBC_PING_LEASE", Map.of()),
                new ProtocolConfiguration("STATE_FC", Map.of()));

        ShortNames.expand(stack, CLASSES);

        assertThat(stack)
                .extracting(ProtocolConfiguration::getProtocolName)
                .containsExactly(
                        "io.evenkeel.protocols.TCP_NETTY",
                        "io.evenkeel.protocols.JDBC_PING_LEASE",
                        "io.evenkeel.protocols.STATE_FC");
        assertThat(stack.get(0).getProperties())
                .containsOnly(Map.entry("bind_port", "7800"), Map.entry("stack.position", "TCP"));
    }

    @Test
    void areUnderstoodAsAPositionToo() {
        List<ProtocolConfiguration> stack =
                stack(new ProtocolConfiguration("SIZE", Map.of("stack.position", "TCP_NETTY")));

        ShortNames.expand(stack, CLASSES);

        assertThat(stack.get(0).getProperties()).containsEntry("stack.position", "io.evenkeel.protocols.TCP_NETTY");
    }

    @Test
    void thoseOfOthersStayAsTheyAre() {
        List<ProtocolConfiguration> stack = stack(
                new ProtocolConfiguration("TCP", Map.of()),
                new ProtocolConfiguration("pbcast.GMS", Map.of()),
                new ProtocolConfiguration("com.example.TCP_NETTY", Map.of()));

        ShortNames.expand(stack, CLASSES);

        assertThat(stack)
                .extracting(ProtocolConfiguration::getProtocolName)
                .containsExactly("TCP", "pbcast.GMS", "com.example.TCP_NETTY");
    }

    @Test
    void areRefusedWhereJGroupsHasAProtocolOfThatName() {
        ClassLoader withRival = new ClassLoader(CLASSES) {
            @Override
            public URL getResource(String name) {
                return name.equals("org/jgroups/protocols/STATE_FC.class")
                        ? super.getResource("org/jgroups/protocols/TCP.class")
                        : super.getResource(name);
            }
        };

        assertThatThrownBy(() -> ShortNames.expand(stack(new ProtocolConfiguration("STATE_FC", Map.of())), withRival))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("io.evenkeel.protocols.STATE_FC")
                .hasMessageContaining("org.jgroups.protocols.STATE_FC");
    }

    private static List<ProtocolConfiguration> stack(ProtocolConfiguration... protocols) {
        return new ArrayList<>(List.of(protocols));
    }
}
