package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.jgroups.stack.Configurator;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.StackType;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The behaviour on which protocols, tools and users of JGroups' own TCP rely; run on that one as well, so that it is no
 * invention.
 */
abstract class TransportContract {
    /** The address to bind to; 127.0.0.1 if it is not set. */
    static final String ADDRESS_PROPERTY = "evenkeel.test.address";

    private final TestMembers members = new TestMembers();
    private final String cluster = getClass().getSimpleName();
    private InetAddress here;

    /** The transport, not yet bound to an address. */
    abstract TP transport();

    @BeforeEach
    void findAddress() throws Exception {
        here = InetAddress.getByName(System.getProperty(ADDRESS_PROPERTY, "127.0.0.1"));
    }

    @AfterEach
    void close() {
        members.close();
    }

    private TP bound(int port) {
        TP transport = transport();
        transport.setValue("bind_addr", here);
        transport.setValue("bind_port", port);
        transport.getMessageStats().enable(true);
        return transport;
    }

    /** A and B in one view, who found each other by address. */
    private JChannel[] pair(TP first, TP second, InetSocketAddress known, Receiver receiver) throws Exception {
        JChannel a = members.channel("A", first, new TCPPING().setInitialHosts(List.of(known)));
        a.connect(cluster);
        JChannel b = members.channel("B", second, new TCPPING().setInitialHosts(List.of(known)));
        b.setReceiver(receiver);
        b.connect(cluster);
        TestMembers.awaitView(2, a, b);
        return new JChannel[] {a, b};
    }

    private JChannel[] pair(Receiver receiver) throws Exception {
        int port = TestPorts.free();
        TP first = bound(port);
        TP second = bound(port);
        second.setValue("port_range", 5);
        return pair(first, second, new InetSocketAddress(here, port), receiver);
    }

    private JChannel[] pair() throws Exception {
        return pair(new Receiver() {});
    }

    private static TP of(JChannel channel) {
        return channel.getProtocolStack().getTransport();
    }

    private static IpAddress physical(JChannel channel) {
        return (IpAddress) channel.down(new Event(Event.GET_PHYSICAL_ADDRESS, channel.getAddress()));
    }

    @Test
    void theSecondOneTakesTheNextPortOfTheRange() throws Exception {
        JChannel[] pair = pair();
        assertThat(physical(pair[0]).getIpAddress()).isEqualTo(here);
        assertThat(physical(pair[1]))
                .isEqualTo(new IpAddress(here, physical(pair[0]).getPort() + 1));
    }

    @Test
    void logicalAddressesAreKnownWithTheirPhysicalOnes() throws Exception {
        JChannel[] pair = pair();
        Awaitility.await().untilAsserted(() -> assertThat(of(pair[0]).getPhysicalAddressFromCache(pair[1].getAddress()))
                .isEqualTo(physical(pair[1])));
        assertThat(of(pair[0]).printLogicalAddressCache())
                .contains("A", "B", String.valueOf(physical(pair[1]).getPort()));
        assertThat(pair[0].getView().toString()).contains("A", "B");
    }

    @Test
    void peersUseTheExternalAddressAndPort() throws Exception {
        try (RecordingProxy proxy = new RecordingProxy()) {
            int port = TestPorts.free();
            TP behind = bound(port);
            behind.setValue("external_addr", InetAddress.getLoopbackAddress());
            behind.setValue("external_port", proxy.port());
            proxy.forwardTo(here, port);
            TP other = bound(port);
            other.setValue("port_range", 5);
            InetSocketAddress known = new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
            JChannel[] pair = pair(behind, other, known, new Receiver() {});
            IpAddress external = new IpAddress(InetAddress.getLoopbackAddress(), proxy.port());
            assertThat(physical(pair[0])).isEqualTo(external);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(of(pair[1]).getPhysicalAddressFromCache(pair[0].getAddress()))
                            .isEqualTo(external));
        }
    }

    @Test
    void keywordsStandForAddresses() throws Exception {
        Map<String, InetAddress> found = new HashMap<>();
        for (String keyword : List.of("LOOPBACK", "match-interface:lo", "match-address:127.0.*")) {
            String xml = "<config><" + transport().getClass().getName() + " bind_addr=\"" + keyword
                    + "\" bind_port=\"0\"/></config>";
            try (java.io.InputStream in =
                            new java.io.ByteArrayInputStream(xml.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    JChannel channel = new JChannel(in)) {
                found.put(keyword, of(channel).getBindAddress());
            }
        }
        assertThat(found.values()).hasSize(3).allSatisfy(address -> assertThat(address.isLoopbackAddress())
                .isTrue());
    }

    private static boolean isOfKind(String keyword, InetAddress address) {
        return switch (keyword) {
            case "SITE_LOCAL" -> address.isSiteLocalAddress();
            case "LINK_LOCAL" -> address.isLinkLocalAddress();
            case "GLOBAL" ->
                !address.isSiteLocalAddress() && !address.isLinkLocalAddress() && !address.isLoopbackAddress();
            default -> !address.isLoopbackAddress();
        };
    }

    private static boolean hostHas(String keyword) throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address instanceof Inet4Address && isOfKind(keyword, address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GLOBAL", "SITE_LOCAL", "LINK_LOCAL", "NON_LOOPBACK"})
    void keywordsStandForKindsOfAddresses(String keyword) throws Exception {
        for (String attribute : List.of("bind_addr", "client_bind_addr")) {
            TP transport = transport();
            ProtocolConfiguration configuration =
                    new ProtocolConfiguration(transport.getClass().getName(), Map.of(attribute, keyword));
            try {
                Configurator.initializeAttrs(transport, configuration, StackType.IPv4);
            } catch (IllegalArgumentException e) {
                // This host has none of the kind.
                continue;
            }
            InetAddress found = (InetAddress) Util.getField(Util.getField(transport.getClass(), attribute), transport);
            if (found != null) {
                // Where a host has none of the kind, JGroups takes its loopback address.
                boolean right = hostHas(keyword) ? isOfKind(keyword, found) : found.isLoopbackAddress();
                assertThat(right).as(attribute + "=" + found).isTrue();
            }
        }
    }

    @Test
    void largeMessagesArriveWholeByUnicastAndMulticast() throws Exception {
        List<byte[]> received = new CopyOnWriteArrayList<>();
        JChannel[] pair = pair(new Receiver() {
            @Override
            public void receive(Message message) {
                received.add(message.getPayload());
            }
        });
        long seed = System.nanoTime();
        byte[] sent = new byte[3 << 20];
        new Random(seed).nextBytes(sent);
        pair[0].send(new BytesMessage(pair[1].getAddress(), sent));
        pair[0].send(new BytesMessage(null, sent));
        Awaitility.await().until(() -> received.size() == 2);
        assertThat(received).as("seed %d", seed).allSatisfy(each -> assertThat(each)
                .isEqualTo(sent));
    }

    @Test
    void batchesKeepTheOrder() throws Exception {
        int count = 5_000;
        List<Integer> received = Collections.synchronizedList(new java.util.ArrayList<>());
        AtomicInteger batches = new AtomicInteger();
        JChannel[] pair = pair(new Receiver() {
            @Override
            public void receive(Message message) {
                received.add(message.<Integer>getObject());
            }

            @Override
            public void receive(MessageBatch batch) {
                batches.incrementAndGet();
                Receiver.super.receive(batch);
            }
        });
        for (int i = 0; i < count; i++) {
            pair[0].send(new ObjectMessage(pair[1].getAddress(), i));
        }
        Awaitility.await().until(() -> received.size() == count);
        assertThat(received).isEqualTo(IntStream.range(0, count).boxed().toList());
        assertThat(batches).hasPositiveValue();
        assertThat(of(pair[0]).getMessageStats().getNumMsgsSent()).isPositive();
        assertThat(of(pair[1]).getMessageStats().getNumMsgsReceived()).isPositive();
    }

    @Test
    void whatIsSentToAllComesToTheSenderToo() throws Exception {
        List<Address> sources = new CopyOnWriteArrayList<>();
        JChannel[] pair = pair(new Receiver() {
            @Override
            public void receive(Message message) {
                sources.add(message.src());
            }
        });
        pair[1].send(new BytesMessage(null, new byte[1]));
        pair[1].send(new BytesMessage(pair[1].getAddress(), new byte[1]));
        Awaitility.await().until(() -> sources.size() == 2);
        assertThat(sources).containsOnly(pair[1].getAddress());
    }

    @Test
    void whoeverLeavesComesBack() throws Exception {
        JChannel[] pair = pair();
        for (int round = 0; round < 3; round++) {
            pair[1].disconnect();
            TestMembers.awaitView(1, pair[0]);
            pair[1].connect(cluster);
            TestMembers.awaitView(2, pair);
        }
    }

    @Test
    void toolsReadItsAttributes() throws Exception {
        JChannel[] pair = pair();
        StringBuilder said = new StringBuilder();
        for (DiagnosticsHandler.ProbeHandler each :
                of(pair[0]).getDiagnosticsHandler().getProbeHandlers()) {
            Map<String, String> answer = each.handleProbe("jmx=" + of(pair[0]).getName() + ".bind_port", "uuids");
            said.append(answer == null ? "" : answer);
        }
        assertThat(said.toString()).contains("bind_port=" + physical(pair[0]).getPort(), "B");
    }
}
