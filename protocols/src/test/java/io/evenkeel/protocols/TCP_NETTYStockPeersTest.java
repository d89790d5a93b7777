package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.MemberMain;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.evenkeel.protocols.transport.core.StockGreeting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.Version;
import org.jgroups.protocols.LOCAL_PING;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members on JGroups' TCP and on TCP_NETTY in one view. */
class TCP_NETTYStockPeersTest {
    private static final int[] SIZES = {0, 1, 1_000, 59_000, 61_000, 700_000};
    private static final String STOCK = "JGroups' TCP";

    private final TestMembers members = new TestMembers();

    @AfterEach
    void close() {
        members.close();
    }

    private static TCP stock(boolean tls) throws GeneralSecurityException {
        return tls ? TestMembers.stock(TestMembers.material()) : TestMembers.stock();
    }

    private static TCP_NETTY refusing(boolean tls) {
        return tls ? TestMembers.secure() : TestMembers.plain();
    }

    private static TCP_NETTY accepting(boolean tls) {
        return refusing(tls).setStockPeers("accept");
    }

    /** As {@link #accepting}, where a slow machine must not make a question about an address come too late. */
    private static TCP_NETTY patient(boolean tls) {
        TCP_NETTY transport = accepting(tls);
        transport.handshake_timeout = 120_000;
        return transport;
    }

    /** Ports that are free, the smallest first. */
    private static int[] freePorts(int count) {
        return IntStream.generate(TestPorts::free).limit(count).sorted().toArray();
    }

    private static String digest(byte[] body) {
        return body.length + " bytes, " + Arrays.hashCode(body);
    }

    private static final class Inbox implements Receiver {
        final List<String> received = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void receive(Message message) {
            byte[] body = message.getPayload();
            received.add(message.getSrc() + " " + digest(body == null ? new byte[0] : body));
        }
    }

    private static String connections(JChannel channel, JChannel peer) {
        String address = ((IpAddress) peer.getProtocolStack().getTransport().localPhysicalAddress()).toString();
        return TestMembers.of(channel)
                .printConnections()
                .lines()
                .filter(line -> line.startsWith(address + " "))
                .findFirst()
                .orElse("none with " + address);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void messagesOfAllSizesReachAllOthers(boolean tls, boolean stockFirst) throws Exception {
        String cluster = "sizes-" + tls + stockFirst;
        List<JChannel> all = new ArrayList<>();
        Map<JChannel, Inbox> inboxes = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            boolean ours = (i % 2 == 0) != stockFirst;
            TP transport = ours ? accepting(tls) : stock(tls);
            Inbox inbox = new Inbox();
            JChannel joined =
                    members.join((ours ? "N" : "S") + i, cluster, transport, channel -> channel.setReceiver(inbox));
            all.add(joined);
            inboxes.put(joined, inbox);
        }
        TestMembers.awaitView(4, all.toArray(JChannel[]::new));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<JChannel, List<String>> expected = new HashMap<>();
        for (JChannel sender : all) {
            for (int size : SIZES) {
                byte[] body = new byte[size];
                random.nextBytes(body);
                sender.send(new BytesMessage(null, body));
                for (JChannel receiver : all) {
                    sender.send(new BytesMessage(receiver.getAddress(), body));
                    List<String> list = expected.computeIfAbsent(receiver, key -> new ArrayList<>());
                    list.add(sender.getAddress() + " " + digest(body));
                    list.add(sender.getAddress() + " " + digest(body));
                }
            }
        }
        for (JChannel each : all) {
            Awaitility.await().untilAsserted(() -> assertThat(inboxes.get(each).received)
                    .as("%s, seed %d", each.getName(), seed)
                    .containsExactlyInAnyOrderElementsOf(expected.get(each)));
        }
        List<JChannel> ours =
                all.stream().filter(each -> each.getName().startsWith("N")).toList();
        for (JChannel each : ours) {
            for (JChannel other : all) {
                if (other != each) {
                    assertThat(connections(each, other).contains(STOCK))
                            .as("%s with %s", each.getName(), other.getName())
                            .isEqualTo(!ours.contains(other));
                }
            }
            assertThat(TestMembers.of(each).getStockConnections()).isEqualTo(all.size() - ours.size());
            assertThat(TestMembers.of(each).getSuspectsSent()).isZero();
            assertThat(TestMembers.of(each).getSecurityInUse()).startsWith(tls ? "TLSv1.3" : "in clear");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void membersOfBothKindsLeaveAndComeBackAndNobodyIsSuspected(boolean tls) throws Exception {
        String cluster = "leave-" + tls;
        JChannel a = members.join("A", cluster, stock(tls));
        JChannel b = members.join("B", cluster, patient(tls));
        JChannel c = members.join("C", cluster, stock(tls));
        JChannel d = members.join("D", cluster, patient(tls));
        TestMembers.awaitView(4, a, b, c, d);
        for (JChannel leaver : new JChannel[] {c, d, a}) {
            leaver.disconnect();
            TestMembers.awaitView(
                    3, Stream.of(a, b, c, d).filter(each -> each != leaver).toArray(JChannel[]::new));
            leaver.connect(cluster);
            TestMembers.awaitView(4, a, b, c, d);
        }
        assertThat(TestMembers.of(b).getSuspectsSent()).isZero();
        assertThat(TestMembers.of(b).getHandshakesRefused()).isZero();
    }

    /** All connections are cut, and all members send at once: each of the two addresses is the larger one here once. */
    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk", "none"})
    void connectionsThatAreMadeAtTheSameTimeBecomeOne(String provider) throws Exception {
        boolean tls = !provider.equals("none");
        int rounds = 20;
        String cluster = "both-" + provider;
        int[] ports = freePorts(3);
        Map<Address, List<Integer>> received = new HashMap<>();
        List<JChannel> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TP transport = i == 1 ? patient(tls) : stock(tls);
            if (tls && i == 1) {
                transport.setValue("tls_provider", provider);
            }
            transport.setBindPort(ports[i]);
            JChannel joined = members.join(
                    "M" + i,
                    cluster,
                    transport,
                    channel -> channel.setReceiver(new Receiver() {
                        @Override
                        public void receive(Message message) {
                            synchronized (received) {
                                received.computeIfAbsent(channel.getAddress(), key -> new ArrayList<>())
                                        .add(message.getObject());
                            }
                        }
                    }));
            all.add(joined);
        }
        JChannel ours = all.get(1);
        TestMembers.awaitView(3, all.toArray(JChannel[]::new));
        for (int round = 0; round < rounds; round++) {
            boolean graceful = round % 2 == 0;
            TestMembers.of(ours).clearConnections(graceful);
            for (JChannel other : List.of(all.get(0), all.get(2))) {
                ((TCP) other.getProtocolStack().getTransport()).clearConnections(graceful);
            }
            int number = round;
            all.parallelStream().forEach(sender -> all.stream()
                    .filter(each -> each != sender && (each == ours || sender == ours))
                    .forEach(receiver -> send(sender, receiver, number)));
        }
        Awaitility.await().untilAsserted(() -> {
            synchronized (received) {
                assertThat(received.get(ours.getAddress())).hasSize(2 * rounds);
                for (JChannel other : List.of(all.get(0), all.get(2))) {
                    assertThat(received.get(other.getAddress()))
                            .isEqualTo(IntStream.range(0, rounds).boxed().toList());
                }
            }
        });
        assertThat(ours.getView().size()).isEqualTo(3);
        assertThat(TestMembers.of(ours).getSuspectsSent()).isZero();
        assertThat(TestMembers.of(ours).getHandshakesRefused())
                .as("such as resumed sessions")
                .isZero();
        Awaitility.await().untilAsserted(() -> assertThat(TestMembers.of(ours).getOpenConnections())
                .isEqualTo(2));
    }

    private static void send(JChannel from, JChannel to, int number) {
        try {
            from.send(new ObjectMessage(to.getAddress(), number));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a node does that has the addresses of others from a table: nobody tells it of which kind they are. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aJoinerFindsOutOfWhichKindTheOthersAre(boolean tls) throws Exception {
        int[] ports = freePorts(2);
        TCP first = stock(tls);
        first.setBindPort(ports[0]);
        JChannel a = members.channel("A", first, pinging()).connect("kind-" + tls);
        TCP_NETTY second = patient(tls);
        second.setBindPort(ports[1]);
        JChannel b = TestMembers.findingOthers(members.channel("B", second, pinging(ports[0])))
                .connect("kind-" + tls);
        JChannel c = TestMembers.findingOthers(members.channel("C", patient(tls), pinging(ports)))
                .connect("kind-" + tls);
        TestMembers.awaitView(3, a, b, c);
        assertThat(a.getView().getCoord()).isEqualTo(a.getAddress());
        assertThat(connections(b, a)).contains(STOCK);
        assertThat(connections(b, c)).doesNotContain(STOCK);
        if (tls) {
            assertThat(second.getConnectsFailed())
                    .as("attempts in the other framing")
                    .isZero();
        }
    }

    private static TCPPING pinging(int... ports) {
        return new TCPPING()
                .setInitialHosts(Arrays.stream(ports)
                        .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void membersThatAcceptAndMembersThatRefuseSpeakTheirOwnFraming(boolean tls) throws Exception {
        String cluster = "own-" + tls;
        JChannel a = members.join("A", cluster, accepting(tls));
        JChannel b = members.join("B", cluster, refusing(tls));
        JChannel c = members.join("C", cluster, accepting(tls));
        TestMembers.awaitView(3, a, b, c);
        a.send(null, "all");
        for (JChannel each : List.of(a, b, c)) {
            Awaitility.await().until(() -> TestMembers.of(each).getLivenessConnections() == 2);
            assertThat(TestMembers.of(each).printConnections()).doesNotContain(STOCK);
            assertThat(TestMembers.of(each).getStockConnections()).isZero();
            assertThat(TestMembers.of(each).getConnectsFailed()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusedByDefaultInOneLine(boolean tls) throws Exception {
        JChannel a = members.channel("A", refusing(tls), pinging()).connect("refused-" + tls);
        TCP other = stock(tls);
        other.setBindPort(TestPorts.free());
        JChannel b = members.channel("B", other, pinging(TestMembers.of(a).getBoundPort()))
                .connect("refused-" + tls);
        assertThat(b.getView().size()).isEqualTo(1);
        awaitWarning(a, Reason.STOCK_PEER, "refused 127.0.0.1");
        assertThat(a.getView().size()).isEqualTo(1);
    }

    private static void awaitWarning(JChannel channel, Reason reason, String... parts) {
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(TestMembers.of(channel)))
                .filteredOn(line -> line.startsWith("WARN refused") && line.contains(reason.toString()))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(reason.remedy()).contains(parts)));
    }

    @Test
    void whoeverLacksACertificateStaysOutThroughThisDoorToo() throws Exception {
        JChannel a = members.channel("A", accepting(true), pinging()).connect("out");
        int port = TestMembers.of(a).getBoundPort();
        List<TCP> others = List.of(
                TestMembers.stock(),
                TestMembers.stock(TestMembers.material(TestMembers.OTHER_CA, TestMembers.CA, Duration.ofDays(1))),
                TestMembers.stock(TestMembers.material(TestMembers.CA, TestMembers.CA, Duration.ofHours(-1))));
        int[] ports = freePorts(others.size());
        for (int i = 0; i < others.size(); i++) {
            others.get(i).setBindPort(ports[i]);
            JChannel out =
                    members.channel("B" + i, others.get(i), pinging(port)).connect("out");
            assertThat(out.getView().size()).isEqualTo(1);
        }
        awaitWarning(a, Reason.PLAIN_TEXT, "127.0.0.1");
        awaitWarning(a, Reason.UNTRUSTED_CERTIFICATE, "127.0.0.1");
        awaitWarning(a, Reason.EXPIRED_CERTIFICATE, "127.0.0.1");
        assertThat(a.getView().size()).isEqualTo(1);
        assertThat(TestMembers.of(a).getOpenConnections()).isZero();
    }

    /** Greets as a member of JGroups' TCP at an address does, and waits for the end. */
    private static void greetUntilClosed(InetAddress from, int port, IpAddress claimed) throws Exception {
        try (Socket socket =
                TestMembers.context(TestMembers.material()).getSocketFactory().createSocket()) {
            socket.setSoTimeout(30_000);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write(new StockGreeting(
                                    Version.version, new InetSocketAddress(claimed.getIpAddress(), claimed.getPort()))
                            .encode());
            while (socket.getInputStream().read() >= 0) {
                // Until it is closed.
            }
        } catch (java.net.SocketException e) {
            // Reset is closed as well.
        }
    }

    @Test
    void nobodyGetsAnAddressOfOursInTheOtherFraming() throws Exception {
        JChannel a = members.join("A", "taken", accepting(true));
        JChannel b = members.join("B", "taken", accepting(true));
        JChannel s = members.join("S", "taken", stock(true));
        TestMembers.awaitView(3, a, b, s);
        int port = TestMembers.of(a).getBoundPort();
        InetAddress here = InetAddress.getLoopbackAddress();
        greetUntilClosed(here, port, (IpAddress) TestMembers.of(b).localPhysicalAddress());
        awaitWarning(
                a,
                Reason.ADDRESS_TAKEN,
                TestMembers.of(b).localPhysicalAddress().toString());
        greetUntilClosed(here, port, (IpAddress) TestMembers.of(a).localPhysicalAddress());
        Awaitility.await()
                .until(() -> TestMembers.of(a)
                                .transportStats()
                                .refused(Reason.ADDRESS_TAKEN)
                                .sum()
                        == 2);
        IpAddress stock = (IpAddress) s.getProtocolStack().getTransport().localPhysicalAddress();
        greetUntilClosed(InetAddress.getByName("127.0.0.2"), port, stock);
        awaitWarning(a, Reason.ADDRESS_UNPROVEN, stock.toString());

        List<String> received = new CopyOnWriteArrayList<>();
        b.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                received.add(message.getObject());
            }
        });
        a.send(b.getAddress(), "still here");
        Awaitility.await().until(() -> received.equals(List.of("still here")));
        assertThat(connections(a, b)).doesNotContain(STOCK);
        assertThat(TestMembers.of(a).getReconnects()).isZero();
        TestMembers.awaitView(3, a, b, s);
    }

    /** JDBC_PING_LEASE tells the transport whose addresses stand in a lease. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAddressWithALeaseIsSpokenToInTheOwnFramingOnly(boolean tls) throws Exception {
        IpAddress leased = new IpAddress(InetAddress.getLoopbackAddress(), TestPorts.free());
        TCP_NETTY transport = accepting(tls);
        transport.ownPeers(leased::equals);
        JChannel a = members.channel("A", transport, pinging()).connect("leased-" + tls);
        TCP other = stock(tls);
        other.setBindPort(leased.getPort());
        JChannel b =
                members.channel("B", other, pinging(transport.getBoundPort())).connect("leased-" + tls);
        assertThat(b.getView().size()).isEqualTo(1);
        awaitWarning(a, Reason.ADDRESS_TAKEN, leased.toString());

        long droppedBefore = transport.getFramesDroppedNotConnected();
        transport.sendUnicast(leased, new byte[100], 0, 100);
        Awaitility.await().until(() -> transport.getFramesDroppedNotConnected() > droppedBefore);
        assertThat(transport.printConnections()).doesNotContain(STOCK);
        assertThat(a.getView().size()).isEqualTo(1);
    }

    /** Without FD_SOCK2, by refusals alone. */
    @Test
    void aKilledProcessOnJGroupsTcpIsSuspected() throws Exception {
        TCP_NETTY transport = accepting(false);
        JChannel a = members.channel("A", transport, new TCPPING().setInitialHosts(List.of()))
                .connect("killed-stock");
        ChildJvm helper =
                MemberMain.start("killed-stock", transport.getBoundPort(), String.valueOf(TestPorts.free()), "stock");
        try {
            TestMembers.awaitView(2, a);
        } finally {
            helper.kill();
        }
        TestMembers.awaitView(1, a);
        assertThat(transport.getSuspectsSent()).isEqualTo(1);
    }

    @Test
    void otherValuesAreRefused() {
        TCP_NETTY transport = TestMembers.plain().setStockPeers("yes");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> members.channel("A", transport, new LOCAL_PING()).connect("values")))
                .hasStackTraceContaining("TCP_NETTY: stock_peers=yes must be refuse or accept");
    }
}
