package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.stack.Configurator;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvenkeelStackTest {

    /** Discovery is what the stacks differ in; GMS gives up joining where the lease table does not decide. */
    private static final Set<String> MAY_DIFFER = Set.of(
            "io.evenkeel.protocols.JDBC_PING_LEASE",
            "io.evenkeel.protocols.STRICT_DNS_PING",
            "io.evenkeel.stacks.kubernetes.STRICT_KUBE_PING",
            "io.evenkeel.protocols.STRICT_TCPPING",
            "pbcast.GMS");

    static List<EvenkeelStack> stacks() {
        return EvenkeelStack.ALL;
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void differsFromTheJdbcStackInDiscoveryOnly(EvenkeelStack stack) {
        assertThat(common(stack)).isEqualTo(common(new EvenkeelStack("evenkeel-jdbc")));
        assertThat(protocols(stack, new Properties())).hasSize(15);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void isMadeOfProtocolsAndAttributesThatExist(EvenkeelStack stack) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jgroups.bind.address", "127.0.0.1");
        properties.setProperty("jgroups.dns.query", "members.example");
        properties.setProperty("jgroups.tcpping.initial_hosts", "127.0.0.1[7800]");

        ProtocolStack created = new ProtocolStack();
        Configurator.createProtocolsAndInitializeAttrs(protocols(stack, properties), created);

        assertThat(ClassConfigurator.getProtocolId(io.evenkeel.protocols.STATE_FC.class))
                .isEqualTo((short) 1803);
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void looksPropertiesUpWhenTheChannelIsCreatedNotWhenTheFileIsRead(EvenkeelStack stack) {
        Properties properties = new Properties();
        var configurator = stack.configurator(properties);
        properties.setProperty("jgroups.bind.port", "12345");

        assertThat(configurator.getProtocolStack().get(0).getProperties()).containsEntry("bind_port", "12345");
    }

    @Test
    void aJarThatLacksTheFileIsNamedAsDamaged() {
        EvenkeelStack lost = new EvenkeelStack("evenkeel-lost");

        assertThatThrownBy(() -> lost.configurator(new Properties()))
                .hasMessage(
                        "EVK0008: evenkeel/evenkeel-lost.xml cannot be read from the Evenkeel jar: the jar is damaged,"
                                + " replace it");
        assertThatThrownBy(lost::protocols).hasMessageStartingWith("EVK0008: evenkeel/evenkeel-lost.xml");
    }

    private static Map<String, Map<String, String>> common(EvenkeelStack stack) {
        return protocols(stack, new Properties()).stream()
                .filter(protocol -> !MAY_DIFFER.contains(protocol.getProtocolName()))
                .collect(
                        Collectors.toMap(ProtocolConfiguration::getProtocolName, ProtocolConfiguration::getProperties));
    }

    private static List<ProtocolConfiguration> protocols(EvenkeelStack stack, Properties properties) {
        return stack.configurator(properties).getProtocolStack();
    }
}
