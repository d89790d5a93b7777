package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.h2.api.Trigger;
import org.h2.jdbcx.JdbcDataSource;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One cluster of members that look for each other in stock's table, in the table of leases, and in both. */
class JDBC_PING_LEASE_StockTest {
    private final TestMembers members = new TestMembers();
    private final JdbcDataSource database = new JdbcDataSource();
    private final ExecutorService starting = Executors.newCachedThreadPool();
    private Connection connection;

    @BeforeEach
    void openDatabase() throws SQLException {
        database.setURL("jdbc:h2:mem:both");
        connection = database.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        starting.shutdownNow();
        members.close();
        connection.close();
    }

    private JDBC_PING2 stockDiscovery() {
        JDBC_PING2 ping = new JDBC_PING2().setDataSource(database);
        // As in Keycloak: a row that a coordinator's view change has removed is there again.
        ping.setValue("write_data_on_find", true);
        return ping;
    }

    private JDBC_PING_LEASE leases(String stockCluster) {
        JDBC_PING_LEASE ping = LineLog.recording(JDBC_PING_LEASE::new);
        ping.setDataSource(database).setStockCluster(stockCluster);
        LeaseNode.shortLease(ping);
        ping.setValue("probe_timeout", 500L);
        return ping;
    }

    private JChannel stock(String name) throws Exception {
        return stock(name, 0);
    }

    private JChannel stock(String name, int port) throws Exception {
        TP transport = new TCP();
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(port);
        return members.channel(name, transport, stockDiscovery(), List.of(detection(new FD_SOCK2())));
    }

    /** Members that look for the leases only have none: as the stack evenkeel-jdbc. */
    private static FD_SOCK2 detection(FD_SOCK2 made) {
        return made.setBindAddress(InetAddress.getLoopbackAddress());
    }

    private JChannel both(String name) throws Exception {
        return members.channel(
                name,
                TestMembers.plain().setStockPeers("accept"),
                stockDiscovery(),
                List.of(leases("join"), detection(new STOCK_FD_SOCK2())));
    }

    private JChannel ours(String name) throws Exception {
        return members.channel(name, TestMembers.plain(), leases("refuse"));
    }

    private static void awaitOneView(JChannel... all) {
        await().untilAsserted(() -> {
            for (JChannel each : all) {
                assertThat(each.getView().getViewId())
                        .as(each.getName())
                        .isEqualTo(all[0].getView().getViewId());
                assertThat(each.getView().size()).as(each.getName()).isEqualTo(all.length);
            }
        });
    }

    /** The protocol of jdbc-ping tells all whom it knows of its member; those without it took that for a message. */
    @Test
    void nothingThatDiscoveryTellsOthersReachesTheirApplication() throws Exception {
        List<Message> received = new CopyOnWriteArrayList<>();
        JChannel a = ours("A");
        a.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                received.add(message);
            }
        });
        a.connect("quiet");

        JChannel b = both("B").connect("quiet");
        JChannel c = both("C").connect("quiet");
        awaitOneView(a, b, c);
        c.send(a.getAddress(), "last");

        await().untilAsserted(() -> assertThat(received).isNotEmpty());
        assertThat(received).extracting(Message::<Object>getObject).containsExactly("last");
    }

    @Test
    void aClusterMovesThereAndBackMemberByMember() throws Exception {
        JChannel a = stock("A").connect("move");
        JChannel b = stock("B").connect("move");
        awaitOneView(a, b);
        JChannel c = both("C").connect("move");
        awaitOneView(a, b, c);
        b.close();
        JChannel d = both("D").connect("move");
        awaitOneView(a, c, d);
        a.close();
        awaitOneView(c, d);
        JChannel e = ours("E").connect("move");
        awaitOneView(c, d, e);
        c.close();
        JChannel f = ours("F").connect("move");
        awaitOneView(d, e, f);
        d.close();
        awaitOneView(e, f);

        JChannel g = both("G").connect("move");
        awaitOneView(e, f, g);
        e.close();
        JChannel h = both("H").connect("move");
        awaitOneView(f, g, h);
        f.close();
        awaitOneView(g, h);
        JChannel i = stock("I").connect("move");
        awaitOneView(g, h, i);
        g.close();
        h.close();
        awaitOneView(i);
    }

    /** Those that have no FD_SOCK2 are not taken for dead by those that have. */
    @Test
    void onlyMembersOnJGroupsTcpAreWatchedBySockets() throws Exception {
        JChannel a = both("A").connect("watched");
        JChannel b = stock("B").connect("watched");
        JChannel c = both("C").connect("watched");
        awaitOneView(a, b, c);
        awaitWatching(a, b);
        awaitWatching(c, b);
        b.close();
        awaitOneView(a, c);
        JChannel d = ours("D").connect("watched");
        awaitOneView(a, c, d);
        for (JChannel each : List.of(a, c)) {
            await().until(() -> ring(each).getClientState().equals("DISCONNECTED"));
            assertThat(ring(each).getNumSuspectedMembers()).isZero();
        }
    }

    private static FD_SOCK2 ring(JChannel channel) {
        return channel.getProtocolStack().findProtocol(FD_SOCK2.class);
    }

    private static void awaitWatching(JChannel watcher, JChannel watched) {
        await().untilAsserted(
                        () -> assertThat(ring(watcher).getPingDest()).contains(watched.getName() + " ", "CONNECTED"));
    }

    @Test
    void theOneThatIsThereIsJoined() throws Exception {
        JChannel a = both("A").connect("first");
        JChannel b = stock("B").connect("first");
        awaitOneView(a, b);
        assertThat(b.getView().getCoord()).isEqualTo(a.getAddress());
    }

    /** S is on jdbc-ping, M on both, E on leases alone; nobody founds a cluster beside the one that is there. */
    @ParameterizedTest
    @CsvSource({"'', SMSM", "'', MEME", "S, MMM", "S, MSM", "M, SSM", "M, EME", "E, MMM"})
    void membersThatStartTogetherAreOneCluster(String there, String together) throws Exception {
        String cluster = "together-" + there + together;
        List<JChannel> all = new ArrayList<>();
        for (JChannel first : made(there)) {
            all.add(first.connect(cluster));
        }
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (JChannel each : made(together)) {
            all.add(each);
            starts.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            each.connect(cluster);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    starting));
        }
        for (CompletableFuture<Void> start : starts) {
            start.get();
        }
        awaitOneView(all.toArray(JChannel[]::new));
        if (!there.isEmpty()) {
            assertThat(all.get(0).getView().getCoord()).isEqualTo(all.get(0).getAddress());
        }
    }

    private List<JChannel> made(String kinds) throws Exception {
        List<JChannel> made = new ArrayList<>();
        for (int i = 0; i < kinds.length(); i++) {
            char kind = kinds.charAt(i);
            String name = kind + "" + i;
            made.add(kind == 'S' ? stock(name) : kind == 'M' ? both(name) : ours(name));
        }
        return made;
    }

    /** The one with the lowest address leads the merge, and needs the other's view for it. */
    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1"})
    void theSidesOfASplitMergeAgain(long stockAddress, long bothAddress) throws Exception {
        JChannel a = stock("A").addAddressGenerator(() -> new UUID(0, stockAddress));
        JChannel b = both("B").addAddressGenerator(() -> new UUID(0, bothAddress));
        List<DISCARD> network = new ArrayList<>();
        for (JChannel each : List.of(a, b)) {
            DISCARD discard = new DISCARD();
            each.getProtocolStack().insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
            network.add(discard);
            each.connect("split");
        }
        awaitOneView(a, b);
        ViewId together = a.getView().getViewId();

        network.forEach(each -> each.discardAll(true));
        for (JChannel each : List.of(a, b)) {
            GMS membership = each.getProtocolStack().findProtocol(GMS.class);
            membership.installView(View.create(each.getAddress(), together.getId() + 1, each.getAddress()));
            assertThat(each.getView().getMembers()).containsExactly(each.getAddress());
        }
        network.forEach(each -> each.discardAll(false));

        await().untilAsserted(() -> {
            assertThat(a.getView().getViewId()).isEqualTo(b.getView().getViewId());
            assertThat(a.getView().getMembers()).containsExactlyInAnyOrder(a.getAddress(), b.getAddress());
        });
    }

    /** Stock's table keeps the row of a killed coordinator. */
    @Test
    void aRowThatNobodyAnswersForHoldsNobodyUp() throws Exception {
        JChannel first = stock("first").connect("other");
        int port = TestPorts.free();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jgroups VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, Util.addressToString(UUID.randomUUID()));
            insert.setString(2, "dead");
            insert.setString(3, "dead");
            insert.setString(4, "127.0.0.1:" + port);
            insert.setBoolean(5, true);
            insert.executeUpdate();
        }
        first.close();
        JChannel a = both("A").connect("dead");
        assertThat(a.getView().getMembers()).containsExactly(a.getAddress());
    }

    /** Nobody deletes a row, as if the database did not answer at the wrong moment. */
    public static final class KeptRow implements Trigger {
        @Override
        public void fire(Connection by, Object[] row, Object[] none) throws SQLException {
            throw new SQLException("rows are kept");
        }
    }

    /** As a node that was killed and starts on jdbc-ping while its lease still runs. */
    @Test
    void theLeaseThatAMemberLeftBehindKeepsNobodyOut() throws Exception {
        JChannel a = both("A").connect("back");
        JChannel b = both("B");
        JDBC_PING_LEASE kept = b.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
        // It beats no more while it leaves.
        kept.setValue("heartbeat_interval", 60_000L);
        kept.setValue("lease_ttl", 600_000L);
        b.connect("back");
        awaitOneView(a, b);
        int port = TestMembers.of(b).getBoundPort();
        JDBC_PING_LEASE leases = a.getProtocolStack().findProtocol(JDBC_PING_LEASE.class);
        await().until(() -> leases.getLiveRows() == 2);
        execute("CREATE TRIGGER kept BEFORE DELETE ON evenkeel_lease FOR EACH ROW CALL '" + KeptRow.class.getName()
                + "'");
        b.close();
        awaitOneView(a);
        assertThat(rows("evenkeel_lease WHERE member_name = 'B'")).isEqualTo(1);

        JChannel c = stock("C", port).connect("back");
        awaitOneView(a, c);
        assertThat(TestMembers.of(a)
                        .transportStats()
                        .refused(Reason.ADDRESS_TAKEN)
                        .sum())
                .isZero();
    }

    private int rows(String where) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + where)) {
            count.next();
            return count.getInt(1);
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    @Test
    void withoutTheOtherProtocolItIsRefused() throws Exception {
        assertThat(catchThrowable(() -> members.channel("A", TestMembers.plain(), leases("join"))))
                .hasMessageContaining("stock_cluster=join needs the discovery protocol of jdbc-ping below");
    }
}
