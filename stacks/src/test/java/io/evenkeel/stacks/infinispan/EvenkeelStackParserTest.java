package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvenkeelStackParserTest {

    @ParameterizedTest
    @ValueSource(strings = {"evenkeel-jdbc", "evenkeel-dns", "evenkeel-kube", "evenkeel-static"})
    void theTransportMayNameAStackOfThePack(String name) {
        assertThat(protocolNames(stackOf(parse("16.0", "", name))))
                .startsWith("io.evenkeel.protocols.TCP_NETTY")
                .endsWith("io.evenkeel.protocols.STATE_FC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"11.0", "13.0", "14.0", "15.0", "15.1", "15.2", "16.0"})
    void filesOfOlderSchemasKnowThePackToo(String schema) {
        assertThat(stackOf(parse(schema, "", "evenkeel-jdbc")).getName()).isEqualTo("evenkeel-jdbc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"16.1", "16.2"})
    void aSchemaThatIsNewerThanInfinispanIsStillRefused(String schema) {
        assertThatThrownBy(() -> parse(schema, "", "evenkeel-jdbc"))
                .hasMessageContaining("urn:infinispan:config:" + schema);
    }

    @Test
    void aStackOfTheUserMayExtendOneOfThePack() {
        JGroupsChannelConfigurator mine = stackOf(parse(
                "16.0",
                """
                <jgroups><stack name="mine" extends="evenkeel-jdbc">
                  <FD_ALL3 timeout="12000" interval="3000"/>
                  <SIZE stack.combine="INSERT_ABOVE" stack.position="io.evenkeel.protocols.TCP_NETTY"/>
                </stack></jgroups>""",
                "mine"));

        assertThat(protocolNames(mine))
                .startsWith("io.evenkeel.protocols.TCP_NETTY", "SIZE", "io.evenkeel.protocols.JDBC_PING_LEASE");
        assertThat(mine.getProtocolStack())
                .filteredOn(protocol -> protocol.getProtocolName().equals("FD_ALL3"))
                .first()
                .satisfies(protocol -> assertThat(protocol.getProperties()).containsEntry("timeout", "12000"));
    }

    @Test
    void shortNamesAreEnough() {
        JGroupsChannelConfigurator mine = stackOf(parse(
                "16.0",
                """
                <jgroups><stack name="mine" extends="tcp">
                  <TCP_NETTY stack.combine="REPLACE" stack.position="TCP" bind_port="7801"/>
                  <JDBC_PING_LEASE stack.combine="REPLACE" stack.position="MPING"/>
                  <STATE_FC/>
                  <SIZE stack.combine="INSERT_ABOVE" stack.position="TCP_NETTY"/>
                </stack></jgroups>""",
                "mine"));

        assertThat(protocolNames(mine))
                .startsWith("io.evenkeel.protocols.TCP_NETTY", "SIZE")
                .contains("io.evenkeel.protocols.JDBC_PING_LEASE")
                .endsWith("io.evenkeel.protocols.STATE_FC");
        assertThat(mine.getProtocolStack().get(0).getProperties())
                .containsEntry("bind_port", "7801")
                // What is not set is as in the pack's own stacks, and open until the channel is created.
                .containsEntry("bind_addr", "${jgroups.bind.address,jgroups.tcp.address:SITE_LOCAL}")
                .containsEntry("diag.enabled", "${jgroups.diag.enabled:false}");
    }

    @Test
    void aStackFileInTheJarCanBeNamed() {
        JGroupsChannelConfigurator mine = stackOf(
                parse("16.0", "<jgroups><stack-file name=\"x\" path=\"evenkeel/evenkeel-jdbc.xml\"/></jgroups>", "x"));

        assertThat(protocolNames(mine)).contains("io.evenkeel.protocols.JDBC_PING_LEASE");
    }

    @Test
    void aStackThatTheUserDefinedUnderOneOfOurNamesIsLeftAsItIs() {
        JGroupsChannelConfigurator theirs = stackOf(
                parse("16.0", "<jgroups><stack name=\"evenkeel-jdbc\" extends=\"tcp\"/></jgroups>", "evenkeel-jdbc"));

        assertThat(protocolNames(theirs)).startsWith("TCP").doesNotContain("io.evenkeel.protocols.TCP_NETTY");
    }

    @Test
    void anUnknownStackIsStillInfinispansClearError() {
        GlobalConfiguration configuration = parse("16.0", "", "evenkeel-nope");

        assertThatThrownBy(() -> stackOf(configuration))
                .hasMessageContaining("ISPN000540")
                .hasMessageContaining("nope");
    }

    static GlobalConfiguration parse(String schema, String jgroups, String stack) {
        String xml =
                """
                <infinispan xmlns="urn:infinispan:config:%s">%s
                  <cache-container name="c"><transport stack="%s"/></cache-container>
                </infinispan>"""
                        .formatted(schema, jgroups, stack);
        return new ParserRegistry(EvenkeelStackParserTest.class.getClassLoader())
                .parse(xml)
                .getGlobalConfigurationBuilder()
                .build();
    }

    static JGroupsChannelConfigurator stackOf(GlobalConfiguration configuration) {
        return configuration
                .transport()
                .jgroups()
                .configurator(configuration.transport().stack());
    }

    private static List<String> protocolNames(JGroupsChannelConfigurator stack) {
        return stack.getProtocolStack().stream()
                .map(ProtocolConfiguration::getProtocolName)
                .toList();
    }
}
