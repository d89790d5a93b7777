package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvenkeelStackParserNewestInfinispanTest {
    @ParameterizedTest
    @ValueSource(strings = {"16.0", "16.1", "16.2"})
    void filesOfEachOfItsSchemasKnowThePack(String schema) {
        JGroupsChannelConfigurator mine = EvenkeelStackParserTest.stackOf(EvenkeelStackParserTest.parse(
                schema, "<jgroups><stack name=\"mine\" extends=\"evenkeel-jdbc\"><SIZE/></stack></jgroups>", "mine"));

        assertThat(mine.getProtocolStack())
                .extracting(ProtocolConfiguration::getProtocolName)
                .startsWith("io.evenkeel.protocols.TCP_NETTY")
                .endsWith("SIZE");
    }
}
