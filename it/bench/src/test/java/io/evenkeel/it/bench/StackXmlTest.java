package io.evenkeel.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jgroups.conf.ConfiguratorFactory;
import org.jgroups.conf.ProtocolConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stacks are those that users have, for a fixed list of members, and survive being written to a file. */
class StackXmlTest {
    private static final Map<String, String> STORES =
            Map.of("tls.keystore_path", "/k", "tls.keystore_password", "secret");
    private static final String HOSTS = "127.0.0.1[20001],127.0.0.1[20002]";

    private static final String LOOPBACK = "127.0.0.1";
    private static final Database DATABASE = new Database("jdbc:postgresql://127.0.0.1:1/x", Credentials.generate("x"));

    @TempDir
    private Path dir;

    private List<ProtocolConfiguration> written(StackXml stack) throws Exception {
        Path file = dir.resolve("stack.xml");
        stack.write(file, "127.0.0.1", 20_001, HOSTS);
        return ConfiguratorFactory.getStackConfigurator(Files.newInputStream(file))
                .getProtocolStack();
    }

    private static ProtocolConfiguration named(List<ProtocolConfiguration> stack, String name) {
        return stack.stream()
                .filter(p -> p.getProtocolName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void stockIsInfinispansTcpStackWithMutualTls() throws Exception {
        List<ProtocolConfiguration> stack = written(StackXml.stock(STORES));
        assertThat(stack.get(0).getProperties())
                .containsEntry("bind_port", "20001")
                .containsEntry("bundler_type", "${jgroups.bundler.type:transfer-queue}")
                .containsEntry("tls.enabled", "true")
                .containsEntry("tls.client_auth", "NEED")
                .containsEntry("tls.keystore_path", "/k");
        assertThat(named(stack, "TCPPING").getProperties()).containsEntry("initial_hosts", HOSTS);
        assertThat(named(stack, "FD_SOCK2").getProperties()).containsEntry("bind_addr", "127.0.0.1");
        assertThat(stack).noneMatch(p -> p.getProtocolName().equals("MPING"));
    }

    @Test
    void oursIsTheStaticStackOfTheJar() throws Exception {
        List<ProtocolConfiguration> stack = written(StackXml.evenkeel(STORES));
        assertThat(stack.get(0).getProtocolName()).isEqualTo("io.evenkeel.protocols.TCP_NETTY");
        assertThat(stack.get(0).getProperties())
                .containsEntry("bind_addr", "127.0.0.1")
                .containsEntry("port_range", "0")
                .containsEntry("tls.keystore_path", "/k");
        assertThat(named(stack, "TCPPING").getProperties()).containsEntry("initial_hosts", HOSTS);
        assertThat(named(stack, "VERIFY_SUSPECT2").getProperties()).containsEntry("timeout", "1s");
    }

    @Test
    void stockIsInfinispansTcpStackWithJdbcPing2InThePlaceOfMping() {
        assertThat(names(StackXml.stockOn(null, LOOPBACK)))
                .startsWith("TCP", "RED", "JDBC_PING2", "MERGE3", "FD_SOCK2", "FD_ALL3")
                .doesNotContain("MPING");
    }

    @Test
    void oursOnADatabaseIsTheStackOfTheJar() {
        assertThat(names(StackXml.evenkeelOn(DATABASE, LOOPBACK)))
                .startsWith(
                        "io.evenkeel.protocols.TCP_NETTY",
                        "io.evenkeel.protocols.JDBC_PING_LEASE",
                        "MERGE3",
                        "FD_ALL3");
    }

    @Test
    void bothStayAtTheirAddress() {
        for (StackXml stack : List.of(StackXml.stockOn(null, LOOPBACK), StackXml.evenkeelOn(DATABASE, LOOPBACK))) {
            assertThat(stack.protocols().get(0).getProperties())
                    .containsEntry("bind_addr", "127.0.0.1")
                    .containsEntry("bind_port", "0");
        }
    }

    @Test
    void aQuickDetectionChangesNothingElse() {
        for (StackXml stack : List.of(StackXml.stockOn(null, LOOPBACK), StackXml.evenkeelOn(DATABASE, LOOPBACK))) {
            StackXml quick = stack.withQuickDetection();
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

    private static List<String> names(StackXml stack) {
        return stack.protocols().stream()
                .map(ProtocolConfiguration::getProtocolName)
                .toList();
    }
}
