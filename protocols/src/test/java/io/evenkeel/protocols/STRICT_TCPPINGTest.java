package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.jgroups.JChannel;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class STRICT_TCPPINGTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1[7800]", "127.0.0.1[7800], 127.0.0.2[7800]", "127.0.0.1", "nowhere.invalid[7800]"})
    void takesListsThatTcppingUnderstands(String hosts) throws Exception {
        try (JChannel channel = channel("initial_hosts=\"" + hosts + "\"")) {
            STRICT_TCPPING discovery = channel.getProtocolStack().findProtocol(STRICT_TCPPING.class);

            assertThat(discovery.getId()).isEqualTo(ClassConfigurator.getProtocolId(TCPPING.class));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:7800 | in brackets, not behind a colon",
                "127.0.0.1[7800],host:7801 | in brackets, not behind a colon",
                "[::1]:7800 | in brackets, not behind a colon",
                "127.0.0.1[ | has the entry '127.0.0.1['",
                "127.0.0.1[port] | has the entry '127.0.0.1[port]'",
                "::1[7800] | has no address of the family",
                "'' | must name the members",
            })
    void refusesListsThatWouldFoundAClusterOfOne(String hosts, String limit) {
        assertThatThrownBy(() -> channel("initial_hosts=\"" + hosts + "\""))
                .hasStackTraceContaining("STRICT_TCPPING.initial_hosts=" + hosts)
                .hasStackTraceContaining(limit)
                .hasStackTraceContaining("host1[7800],host2[7800]");
    }

    @Test
    void refusesNoListAtAll() {
        assertThatThrownBy(() -> channel("")).hasStackTraceContaining("jgroups.tcpping.initial_hosts");
    }

    private static JChannel channel(String attributes) throws Exception {
        String stack =
                """
                <config>
                  <TCP bind_addr="127.0.0.1" bind_port="7800" diag.enabled="false"/>
                  <io.evenkeel.protocols.STRICT_TCPPING %s port_range="0"/>
                  <pbcast.NAKACK2/>
                  <pbcast.GMS/>
                </config>"""
                        .formatted(attributes);
        return new JChannel(new ByteArrayInputStream(stack.getBytes(StandardCharsets.UTF_8)));
    }
}
