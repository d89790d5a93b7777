package io.evenkeel.it.bench.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import java.util.List;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;

/** The two stacks differ in what is compared, and in nothing that the benchmark changed. */
class ChannelStackTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Database DATABASE = new Database("jdbc:postgresql://127.0.0.1:1/x", Credentials.generate("x"));

    @Test
    void stockIsInfinispansTcpStackWithJdbcPing2InThePlaceOfMping() {
        assertThat(names(ChannelStack.stock(null, LOOPBACK)))
                .startsWith("TCP", "RED", "JDBC_PING2", "MERGE3", "FD_SOCK2", "FD_ALL3")
                .doesNotContain("MPING");
    }

    @Test
    void oursIsTheStackOfTheJar() {
        assertThat(names(ChannelStack.evenkeel(DATABASE, LOOPBACK)))
                .startsWith(
                        "io.evenkeel.protocols.TCP_NETTY",
                        "io.evenkeel.protocols.JDBC_PING_LEASE",
                        "MERGE3",
                        "FD_ALL3");
    }

    @Test
    void bothStayAtTheirAddress() {
        for (ChannelStack stack :
                List.of(ChannelStack.stock(null, LOOPBACK), ChannelStack.evenkeel(DATABASE, LOOPBACK))) {
            assertThat(stack.protocols().get(0).getProperties())
                    .containsEntry("bind_addr", "127.0.0.1")
                    .containsEntry("bind_port", "0");
        }
    }

    @Test
    void aQuickDetectionChangesNothingElse() {
        for (ChannelStack stack :
                List.of(ChannelStack.stock(null, LOOPBACK), ChannelStack.evenkeel(DATABASE, LOOPBACK))) {
            ChannelStack quick = stack.withQuickDetection();
            assertThat(names(quick)).isEqualTo(names(stack));
            for (int i = 0; i < quick.protocols().size(); i++) {
                ProtocolConfiguration protocol = quick.protocols().get(i);
                if (protocol.getProtocolName().equals("FD_ALL3")) {
                    assertThat(protocol.getProperties())
                            .containsEntry("timeout", "4s")
                            .containsEntry("interval", "1s");
                } else {
                    assertThat(protocol).isEqualTo(stack.protocols().get(i));
                }
            }
        }
    }

    private static List<String> names(ChannelStack stack) {
        return stack.protocols().stream()
                .map(ProtocolConfiguration::getProtocolName)
                .toList();
    }
}
