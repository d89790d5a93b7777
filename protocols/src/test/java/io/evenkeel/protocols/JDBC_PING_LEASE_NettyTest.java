package io.evenkeel.protocols;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.h2.jdbcx.JdbcDataSource;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The discovery on the transport that it is made for: what asking over TLS tells a node that wants to join. */
class JDBC_PING_LEASE_NettyTest {
    private final TestMembers members = new TestMembers();
    private final JdbcDataSource database = new JdbcDataSource();
    private Connection connection;

    @BeforeEach
    void openDatabase() throws SQLException {
        database.setURL("jdbc:h2:mem:netty");
        connection = database.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        // A member that still waits for another founds now; a channel that connects cannot be closed.
        execute("DELETE FROM evenkeel_lease");
        members.close();
        connection.close();
    }

    private static JDBC_PING_LEASE pingOf(JChannel channel) {
        return channel.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
    }

    private JChannel channel(String name, TCP_NETTY transport) throws Exception {
        JDBC_PING_LEASE ping = LineLog.recording(JDBC_PING_LEASE::new);
        ping.setDataSource(database);
        LeaseNode.shortLease(ping);
        ping.setValue("probe_timeout", 500L);
        return members.channel(name, transport, ping);
    }

    private JChannel connect(String name, String cluster) throws Exception {
        return channel(name, TestMembers.secure()).connect(cluster);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> names() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT member_name FROM evenkeel_lease WHERE address <> '*founder*' ORDER BY member_name")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** The row of a coordinator that does not exist, good for a day. */
    private void insertGhost(String cluster, String physicalAddress) throws SQLException {
        execute("INSERT INTO evenkeel_lease (cluster_name, address, member_name, physical_address, incarnation,"
                + " coordinator, view_id, view_size, beat, beat_at_ms, lease_ms, format_version) VALUES ('" + cluster
                + "', '00000000-0000-0000-0000-000000000007', 'ghost', '" + physicalAddress
                + "', 7, true, 'g|1', 1, 1, 0, 86400000, 1)");
    }

    private void beatOfGhost() {
        try {
            execute("UPDATE evenkeel_lease SET beat = beat + 1 WHERE member_name = 'ghost'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String physical(JChannel channel) {
        return TestMembers.of(channel).localPhysicalAddress().toString();
    }

    /** Connects in the background: it will have to wait. */
    private static CompletableFuture<JChannel> connecting(JChannel channel, String cluster) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return channel.connect(cluster);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitJoinReport(JChannel channel, String... parts) {
        await().untilAsserted(() -> {
            assertThat(LineLog.of(pingOf(channel))).anySatisfy(line -> assertThat(line)
                    .startsWith("WARN")
                    .contains("cannot join")
                    .contains(parts));
        });
    }

    /** Has the member greet each new one the moment it has installed the view that brings it. */
    private static JChannel greeting(JChannel channel, Set<String> greeted) {
        return channel.setReceiver(new Receiver() {
            private List<Address> known = List.of();

            @Override
            public void viewAccepted(View view) {
                for (Address member : view) {
                    if (!known.contains(member) && !member.equals(channel.getAddress())) {
                        greet(member);
                    }
                }
                known = view.getMembers();
            }

            private void greet(Address member) {
                try {
                    channel.send(member, channel.getName());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void receive(Message message) {
                greeted.add(message.getObject() + " to " + channel.getName());
            }
        });
    }

    @Test
    void whoJoinsIsTalkedToAtOnceByAllWhateverTheyHaveReadOfTheTable() throws Exception {
        int rounds = 3;
        int together = 2;
        Set<String> greeted = ConcurrentHashMap.newKeySet();
        List<JChannel> joined = new ArrayList<>();
        joined.add(greeting(channel("A", TestMembers.secure()), greeted).connect("netty"));
        for (int round = 1; round <= rounds; round++) {
            List<JChannel> joiners = new ArrayList<>();
            for (int i = 0; i < together; i++) {
                joiners.add(greeting(channel("J" + round + i, TestMembers.secure()), greeted));
            }
            for (CompletableFuture<JChannel> joining :
                    joiners.stream().map(j -> connecting(j, "netty")).toList()) {
                joining.get(120, SECONDS);
            }
            joined.addAll(joiners);
            TestMembers.awaitView(joined.size(), joined.toArray(JChannel[]::new));
        }
        int pairs = joined.size() * (joined.size() - 1);
        await().until(() -> greeted.size() == pairs);

        List<String> dropped = joined.stream()
                .flatMap(member -> LineLog.of(TestMembers.of(member)).stream())
                .filter(line -> line.contains("JGRP000032"))
                .toList();
        System.out.printf(
                "%d joins, %d greetings, %d times JGRP000032%n", rounds * together, greeted.size(), dropped.size());
        assertThat(dropped).isEmpty();
    }

    @Test
    void theRowOfAFormerStartIsEvictedByTheAnswerOfTheNewOne() throws Exception {
        JChannel a = connect("A", "netty");
        JChannel b = channel("B", TestMembers.secure());
        insertGhost("netty", physical(a));
        b.connect("netty");
        TestMembers.awaitView(2, a, b);
        await().untilAsserted(() -> assertThat(names()).containsExactly("A", "B"));
        assertThat(pingOf(a).getFounderEpoch()).isEqualTo(1);
    }

    @Test
    void anotherClusterAtTheAddressIsNamed() throws Exception {
        JChannel other = connect("O", "other");
        insertGhost("netty", physical(other));
        JChannel b = channel("B", TestMembers.secure());
        CompletableFuture<JChannel> joining = connecting(b, "netty");
        awaitJoinReport(b, "coordinator ghost at " + physical(other), "turned down", "OTHER_CLUSTER", "'other'");
        assertThat(joining).isNotDone();
        execute("DELETE FROM evenkeel_lease WHERE member_name = 'ghost'");
        assertThat(joining.get(120, SECONDS).getView().size()).isEqualTo(1);
    }

    /** A member of the same cluster whose row is in another table: all that B learns of it is its answer. */
    private JChannel connectElsewhere() throws Exception {
        JChannel a = channel("A", TestMembers.secure());
        pingOf(a).setTableName("elsewhere");
        connect("T", "table");
        return a.connect("netty");
    }

    @Test
    void whoAnswersAsAnotherStartIsDeadAtOnce() throws Exception {
        JChannel a = connectElsewhere();
        insertGhost("netty", physical(a));
        JChannel b = connect("B", "netty");
        assertThat(b.getView().size()).isEqualTo(1);
        assertThat(LineLog.of(pingOf(b))).anySatisfy(line -> assertThat(line)
                .contains("evicted the row of ghost", "another process of cluster netty answers", "incarnation"));
        assertThat(names()).doesNotContain("ghost");
    }

    @Test
    void whoBeatsAtAnAddressWhereAnotherAnswersIsNotFoundedBeside() throws Exception {
        JChannel a = connectElsewhere();
        insertGhost("netty", physical(a));
        ScheduledExecutorService ghost = Executors.newSingleThreadScheduledExecutor();
        ghost.scheduleAtFixedRate(this::beatOfGhost, 0, 5, MILLISECONDS);
        JChannel b = channel("B", TestMembers.secure());
        CompletableFuture<JChannel> joining = connecting(b, "netty");
        try {
            awaitJoinReport(
                    b,
                    "coordinator ghost at " + physical(a),
                    "beats in the table, but another process of cluster netty answers",
                    "check which node");
            assertThat(joining).isNotDone();
        } finally {
            ghost.shutdown();
            assertThat(ghost.awaitTermination(120, SECONDS)).isTrue();
        }
        execute("DELETE FROM evenkeel_lease WHERE member_name = 'ghost'");
        assertThat(joining.get(120, SECONDS).getView().size()).isEqualTo(1);
    }

    @Test
    void aPeerWithACertificateOfAnotherAuthorityIsNamedWithTheAlert() throws Exception {
        TCP_NETTY stranger = TestMembers.transport()
                .setTlsMaterial(TestMembers.material(TestMembers.OTHER_CA, TestMembers.OTHER_CA, Duration.ofDays(1)));
        JChannel a = channel("A", stranger).connect("netty");
        JChannel b = channel("B", TestMembers.secure());
        CompletableFuture<JChannel> joining = connecting(b, "netty");
        awaitJoinReport(
                b, "coordinator A at " + physical(a), "turned down", "certificate", "beats in the table", "check");
        assertThat(joining).isNotDone();
        a.close();
        assertThat(joining.get(120, SECONDS).getView().size()).isEqualTo(1);
    }

    @Test
    void aPeerThatDoesNotAnswerIsNamedWithTheTimeout() throws Exception {
        connect("O", "other");
        try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            insertGhost("netty", "127.0.0.1:" + deaf.getLocalPort());
            JChannel b = channel("B", TestMembers.secure());
            CompletableFuture<JChannel> joining = connecting(b, "netty");
            awaitJoinReport(b, "coordinator ghost at 127.0.0.1:" + deaf.getLocalPort(), "no answer within 500 ms");
            assertThat(joining).isNotDone();
            execute("DELETE FROM evenkeel_lease WHERE member_name = 'ghost'");
            assertThat(joining.get(120, SECONDS).getView().size()).isEqualTo(1);
        }
    }
}
