package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.lease.LeaseHealth;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.h2.tools.Server;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolStackConfigurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members on evenkeel-jdbc whose database is stopped, and a node that has a second way to find them. */
class StartWithoutDatabaseTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CLUSTER = "without-database";

    private final List<JChannel> channels = new ArrayList<>();
    private final String name = UUID.randomUUID().toString();
    private final int databasePort = TestPorts.free();
    private Server database;
    private Connection kept;

    @BeforeEach
    void startDatabase() throws SQLException {
        // In the memory of this JVM, so that it outlasts its server.
        kept = DriverManager.getConnection("jdbc:h2:mem:" + name);
        openDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        for (int i = channels.size() - 1; i >= 0; i--) {
            channels.get(i).close();
        }
        database.stop();
        kept.close();
    }

    @Test
    void aNodeFindsTheClusterByTheHostOfAnyMember() throws Exception {
        int second = TestPorts.free();
        JChannel a = member(TestPorts.free(), Map.of()).connect(CLUSTER);
        JChannel b = member(second, Map.of()).connect(CLUSTER);
        database.stop();

        JChannel c = member(TestPorts.free(), Map.of("evenkeel.initial_hosts", "127.0.0.1[" + second + "]"))
                .connect(CLUSTER);

        assertThat(c.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress(), c.getAddress());
        assertThat(discovery(c).health()).isInstanceOf(LeaseHealth.Healthy.class);
        openDatabase();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(rows()).isEqualTo(3));
        assertThat(a.getView().getMembers()).hasSize(3);
        assertThat(discovery(c).health()).isInstanceOf(LeaseHealth.Healthy.class);
    }

    @Test
    void aNodeFindsTheClusterByServiceRecords() throws Exception {
        int first = TestPorts.free();
        int second = TestPorts.free();
        JChannel a = member(first, Map.of()).connect(CLUSTER);
        database.stop();

        try (DnsServer dns = DnsServer.ofServices(first, second)) {
            JChannel b = member(
                            second,
                            Map.of(
                                    "evenkeel.dns_query", "_jgroups._tcp.members.example",
                                    "evenkeel.dns_record_type", "SRV",
                                    "evenkeel.dns_address", dns.address()))
                    .connect(CLUSTER);

            assertThat(b.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress());
        }
    }

    @Test
    void aNodeThatFindsNobodyWaitsForTheDatabaseAndFoundsThen() throws Exception {
        database.stop();
        JChannel a = member(TestPorts.free(), Map.of("evenkeel.initial_hosts", "127.0.0.1[" + TestPorts.free() + "]"));

        CompletableFuture<JChannel> joined = connecting(a);
        await().atMost(LIMIT).until(() -> discovery(a).getDatabaseErrors() > 1);
        assertThat(joined).isNotDone();
        openDatabase();

        assertThat(joined).succeedsWithin(LIMIT);
        assertThat(a.getView().getMembers()).containsExactly(a.getAddress());
    }

    @Test
    void theTableDecidesWhileItAnswers() throws Exception {
        int first = TestPorts.free();
        JChannel a = member(first, Map.of()).connect("another-cluster");

        JChannel b = member(TestPorts.free(), Map.of("evenkeel.initial_hosts", "127.0.0.1[" + first + "]"))
                .connect(CLUSTER);

        assertThat(b.getView().getMembers()).containsExactly(b.getAddress());
        assertThat(a.getView().getMembers()).hasSize(1);
    }

    private JChannel member(int port, Map<String, String> more) throws Exception {
        Properties properties = new Properties();
        properties.putAll(more);
        properties.setProperty("jgroups.bind.address", "127.0.0.1");
        properties.setProperty("jgroups.bind.port", String.valueOf(port));
        properties.setProperty("jgroups.port_range", "0");
        ProtocolStackConfigurator stack = new EvenkeelStack("evenkeel-jdbc").configurator(properties);
        stack.getProtocolStack().get(0).getProperties().put("encryption", "none");
        stack.getProtocolStack()
                .get(1)
                .getProperties()
                .put("connection_url", "jdbc:h2:tcp://127.0.0.1:" + databasePort + "/mem:" + name);
        JChannel channel = new JChannel(stack);
        channels.add(channel);
        return channel;
    }

    private static CompletableFuture<JChannel> connecting(JChannel channel) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return channel.connect(CLUSTER);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static JDBC_PING_LEASE discovery(JChannel channel) {
        return channel.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
    }

    private void openDatabase() throws SQLException {
        database =
                Server.createTcpServer("-tcpPort", String.valueOf(databasePort)).start();
    }

    private int rows() throws SQLException {
        try (Statement statement = kept.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT COUNT(*) FROM evenkeel_lease WHERE address <> '*founder*'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
