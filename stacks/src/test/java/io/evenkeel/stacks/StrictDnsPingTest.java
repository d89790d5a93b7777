package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.STRICT_DNS_PING;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jgroups.JChannel;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.conf.ProtocolStackConfigurator;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.protocols.dns.DNS_PING;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members on evenkeel-dns that look for each other through a DNS server. */
class StrictDnsPingTest {
    private static final String FIRST = "127.0.0.1";
    private static final String SECOND = "127.0.0.2";

    private static JChannel channel(DnsServer dns, String address, int port) throws Exception {
        return channel(dns, address, port, "A");
    }

    private static JChannel channel(DnsServer dns, String address, int port, String recordType) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jgroups.bind.address", address);
        properties.setProperty("jgroups.bind.port", String.valueOf(port));
        properties.setProperty("jgroups.port_range", "0");
        properties.setProperty("jgroups.dns.query", "members.example");
        properties.setProperty("jgroups.dns.record", recordType);
        properties.setProperty("jgroups.dns.address", dns.address());
        ProtocolStackConfigurator stack = new EvenkeelStack("evenkeel-dns").configurator(properties);
        stack.getProtocolStack().get(0).getProperties().put("encryption", "none");
        return new JChannel(stack);
    }

    @Test
    void twoMembersFindEachOther() throws Exception {
        int port = TestPorts.free();
        try (DnsServer dns = new DnsServer(FIRST, SECOND);
                JChannel a = channel(dns, FIRST, port);
                JChannel b = channel(dns, SECOND, port)) {
            a.connect("dns");
            b.connect("dns");

            assertThat(b.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress());
            STRICT_DNS_PING discovery = a.getProtocolStack().findProtocol(STRICT_DNS_PING.class);
            assertThat(discovery.getId()).isEqualTo(ClassConfigurator.getProtocolId(DNS_PING.class));
        }
    }

    /** Only the server knows the hosts that its records name: JGroups' DNS_PING asks this host's servers for them. */
    @Test
    void twoMembersFindEachOtherByServiceRecordsOfAServerOfTheirOwn() throws Exception {
        int first = TestPorts.free();
        int second = TestPorts.free();
        try (DnsServer dns = DnsServer.ofServices(first, second);
                JChannel a = channel(dns, FIRST, first, "SRV");
                JChannel b = channel(dns, FIRST, second, "SRV")) {
            a.connect("dns");
            b.connect("dns");

            assertThat(b.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MX | dns_record_type=MX must be one of [A, AAAA, SRV]",
                "a | dns_record_type=a must be one of [A, AAAA, SRV]",
            })
    void aTypeOfRecordThatListsNoMembersIsRefused(String recordType, String limit) throws Exception {
        try (DnsServer dns = new DnsServer(FIRST)) {
            assertThatThrownBy(() -> channel(dns, FIRST, TestPorts.free(), recordType))
                    .hasStackTraceContaining("STRICT_DNS_PING." + limit);
        }
    }

    @Test
    void noNameIsRefused() {
        Properties properties = new Properties();
        properties.setProperty("jgroups.bind.address", FIRST);
        ProtocolStackConfigurator stack = new EvenkeelStack("evenkeel-dns").configurator(properties);
        stack.getProtocolStack().get(0).getProperties().put("encryption", "none");

        assertThatThrownBy(() -> new JChannel(stack)).hasStackTraceContaining("jgroups.dns.query");
    }

    /** The warnings of a test's members. */
    private static List<String> warnings() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Log log = (Log) Proxy.newProxyInstance(
                Log.class.getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("warn")) {
                        lines.add(String.valueOf(arguments[0]));
                    }
                    return method.getReturnType() == boolean.class ? false : null;
                });
        LogFactory.setCustomLogFactory(new CustomLogFactory() {
            @Override
            public Log getLog(Class<?> clazz) {
                return log;
            }

            @Override
            public Log getLog(String category) {
                return log;
            }
        });
        return lines;
    }

    @AfterEach
    void logAsEver() {
        LogFactory.setCustomLogFactory(null);
    }

    @Test
    void aNameThatListsNobodyIsNamedAndOneThatListsThisMemberIsNot() throws Exception {
        int port = TestPorts.free();
        List<String> warnings = warnings();
        try (DnsServer dns = new DnsServer(FIRST);
                JChannel a = channel(dns, FIRST, port)) {
            assertThat(a.connect("dns").getView().size()).isEqualTo(1);
            assertThat(warnings).noneMatch(line -> line.contains("lists nobody"));
        }
        try (DnsServer dns = new DnsServer();
                JChannel a = channel(dns, FIRST, port)) {
            assertThat(a.connect("dns").getView().size()).isEqualTo(1);
            assertThat(warnings).anyMatch(line -> line.contains("dns_query=members.example lists nobody"));
        }
    }
}
