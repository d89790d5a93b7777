package io.evenkeel.it.bench.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import java.util.List;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;

/** The two stacks differ in what is compared, and in nothing that the benchmark changed. */
class ChannelStackTest {
    private static final Database DATABASE = new Database("jdbc:postgresql://127.0.0.1:1/x", Credentials.generate("x"));

    @Test
    void stockIsInfinispansTcpStackWithJdbcPing2InThePlaceOfMping() {
        assertThat(names(ChannelStack.stock(null)))
                .startsWith("TCP", "RED", "JDBC_PING2", "MERGE3", "FD_SOCK2", "FD_ALL3")
                .doesNotContain("MPING", "DISCARD");
    }

    @Test
    void oursIsTheStackOfTheJar() {
        assertThat(names(ChannelStack.evenkeel(DATABASE)))
                .startsWith(
                        "io.evenkeel.protocols.TCP_NETTY", "io.evenkeel.protocols.JDBC_PING_LEASE", "MERGE3", "FD_ALL3")
                .doesNotContain("DISCARD");
    }

    @Test
    void bothStayOnLoopback() {
        for (ChannelStack stack : List.of(ChannelStack.stock(null), ChannelStack.evenkeel(DATABASE))) {
            assertThat(stack.protocols().get(0).getProperties())
                    .containsEntry("bind_addr", "127.0.0.1")
                    .containsEntry("bind_port", "0");
        }
    }

    @Test
    void theSwitchStandsAboveTheTransportOnBoth() {
        for (ChannelStack stack : List.of(ChannelStack.stock(null), ChannelStack.evenkeel(DATABASE))) {
            ChannelStack splittable = stack.splittable();
            assertThat(names(splittable).get(1)).isEqualTo("DISCARD");
            assertThat(splittable.protocols().stream()
                            .filter(p -> p.getProtocolName().equals("FD_ALL3"))
                            .findFirst()
                            .orElseThrow()
                            .getProperties())
                    .containsEntry("timeout", "4s");
        }
    }

    private static List<String> names(ChannelStack stack) {
        return stack.protocols().stream()
                .map(ProtocolConfiguration::getProtocolName)
                .toList();
    }
}
