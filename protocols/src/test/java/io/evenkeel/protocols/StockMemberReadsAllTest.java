package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.lease.agent.ViewAddressesHeader;
import io.evenkeel.protocols.pacing.Traffic;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Members with the protocols of evenkeel-migrate and one on JGroups alone, in a JVM that has nothing of this pack: a
 * header of ours would cost that one all messages that came in the same frame, and leave an error in its log.
 */
class StockMemberReadsAllTest {
    private static final byte BULK = 'B';
    private static final int MESSAGES = 40;
    private static final int MESSAGE_BYTES = 50_000;

    private final List<JChannel> ours = new ArrayList<>();
    private final JdbcDataSource database = new JdbcDataSource();
    private Server server;

    @BeforeEach
    void openDatabase() throws Exception {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        database.setURL("jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:stock;DB_CLOSE_DELAY=-1");
        database.setUser("sa");
        database.setPassword("");
    }

    @AfterEach
    void close() {
        for (JChannel each : ours) {
            each.close();
        }
        server.stop();
    }

    private static Traffic kindOf(Message message) {
        boolean bulk = message.hasArray() && message.getLength() > 0 && message.getArray()[message.getOffset()] == BULK;
        return bulk ? Traffic.INFINISPAN_PUSHED : Traffic.FOREGROUND;
    }

    private JChannel migrating(String name) throws Exception {
        JDBC_PING_LEASE leases = new JDBC_PING_LEASE();
        leases.setDataSource(database).setStockCluster("join");
        LeaseNode.shortLease(leases);
        leases.setValue("probe_timeout", 500L);
        STATE_FC pacing = LineLog.recording(STATE_FC::new);
        pacing.addClassifier(StockMemberReadsAllTest::kindOf);
        JChannel channel = new JChannel(
                TestMembers.plain().setStockPeers("accept"),
                new JDBC_PING2().setDataSource(database),
                leases,
                new MERGE3().setMinInterval(1000).setMaxInterval(3000),
                new STOCK_FD_SOCK2().setBindAddress(InetAddress.getLoopbackAddress()),
                new FD_ALL3().setTimeout(60_000).setInterval(15_000),
                new VERIFY_SUSPECT2().setTimeout(500),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new VIEW_ORDER_DOWN(),
                new GMS().setJoinTimeout(1000),
                new VIEW_ORDER_UP(),
                new UFC(),
                new MFC(),
                new FRAG4(),
                pacing);
        channel.setName(name);
        ours.add(channel);
        return channel.connect("reads");
    }

    private StockJvm stock() throws Exception {
        return StockJvm.start(
                List.of(StockJvm.ownJGroups(), StockJvm.location(Server.class)),
                "reads",
                String.valueOf(TestPorts.free()),
                database.getURL());
    }

    private static STATE_FC pacing(JChannel channel) {
        return channel.getProtocolStack().findProtocol(STATE_FC.class);
    }

    /** Its coordinator is a member of ours, which knows the addresses of all. */
    @Test
    void noViewOfOursBringsItAddresses() throws Exception {
        JChannel a = migrating("A");
        try (StockJvm stock = stock()) {
            stock.awaitView(2);
            Address there = a.getView().getMembersRaw()[1];
            JChannel b = migrating("B");
            TestMembers.awaitView(3, a, b);
            stock.awaitView(3);
            assertThat(a.getView().getCoord()).isEqualTo(a.getAddress());
            awaitEcho(a, there);
            stock.assertNothingUnreadable();

            a.send(new BytesMessage(there, new byte[] {1})
                    .putHeader(ProtocolIds.VIEW_ADDRESSES_HEADER_ID, new ViewAddressesHeader()));
            await().untilAsserted(() -> assertThat(stock.lines())
                    .as("what this test would see")
                    .anyMatch(line -> StockJvm.UNREADABLE.matcher(line).find()));
        }
    }

    /** It coordinates; the second of ours finds the first one in the table of leases, and hears of it there. */
    @Test
    void nothingThatMembersOfOursTellEachOtherReachesItsApplication() throws Exception {
        try (StockJvm stock = stock()) {
            stock.awaitView(1);
            JChannel a = migrating("A");
            stock.awaitView(2);
            JChannel b = migrating("B");
            stock.awaitView(3);
            TestMembers.awaitView(3, a, b);
            Address there = b.getView().getCoord();
            awaitEcho(a, there);
            awaitEcho(b, there);
            assertThat(stock.lines())
                    .filteredOn(line -> line.startsWith("GOT "))
                    .containsExactly("GOT 1", "GOT 1");
            stock.assertNothingUnreadable();
        }
    }

    private static void awaitEcho(JChannel from, Address there) throws Exception {
        Echoes echoes = new Echoes();
        from.setReceiver(echoes);
        from.send(new BytesMessage(there, new byte[] {1}));
        await().until(() -> echoes.lengths.contains(1));
    }

    private static final class Echoes implements Receiver {
        final List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void receive(Message message) {
            lengths.add(message.getLength());
        }
    }

    @Test
    void stateGoesToItAsItIsAndToAMemberOfOursPaced() throws Exception {
        JChannel a = migrating("A");
        JChannel b = migrating("B");
        try (StockJvm stock = stock()) {
            TestMembers.awaitView(3, a, b);
            stock.awaitView(3);
            Address there = a.getView().getMembersRaw()[2];
            Echoes echoes = new Echoes();
            a.setReceiver(echoes);
            Echoes atB = new Echoes();
            b.setReceiver(atB);
            await().until(() -> pacing(a).getPeersPaced() == 1);
            byte[] state = new byte[MESSAGE_BYTES];
            state[0] = BULK;
            for (int i = 0; i < MESSAGES; i++) {
                a.send(new BytesMessage(there, state));
                a.send(new BytesMessage(b.getAddress(), state));
            }
            await().untilAsserted(() -> {
                assertThat(atB.lengths).hasSize(MESSAGES).containsOnly(MESSAGE_BYTES);
                assertThat(echoes.lengths).hasSize(MESSAGES).containsOnly(MESSAGE_BYTES);
            });
            STATE_FC pacing = pacing(a);
            long all = (long) MESSAGES * MESSAGE_BYTES;
            assertThat(pacing.getPeersPaced()).isEqualTo(1);
            assertThat(pacing.getPeersWithoutPacing()).isEqualTo(1);
            assertThat(pacing.getPacedBytes() + pacing.getWaitedBytes())
                    .as("to the member of ours: %s", pacing.printDestinations())
                    .isEqualTo(all);
            assertThat(pacing.getPassedSilentPeerBytes() + pacing.getReleasedBytes() + pacing.getUnknownPeerBytes())
                    .as("to the other one: %s", pacing.printDestinations())
                    .isEqualTo(all);
            assertThat(LineLog.of(pacing)).noneMatch(line -> line.startsWith("WARN"));
            stock.assertNothingUnreadable();
        }
    }
}
