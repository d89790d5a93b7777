package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.LOCAL_PING;
import org.junit.jupiter.api.Test;

/**
 * The bytes that an observer of the network reads, and the judgement of a lost connection; through a proxy at
 * external_addr.
 */
class TCP_NETTYWireBytesTest {
    private static final String MARKER = "MARKER-4711-in-the-clear";

    private static TCP_NETTY behind(TCP_NETTY transport, RecordingProxy proxy) {
        transport.setExternalAddr(InetAddress.getLoopbackAddress());
        transport.setExternalPort(proxy.port());
        return transport;
    }

    private static int portOf(TCP_NETTY transport) throws Exception {
        // The kernel's choice; what the transport advertises is the proxy's.
        return transport.getBoundPort();
    }

    /** A and B, B known to A by the proxy's address alone. */
    private static JChannel[] pair(TestMembers members, RecordingProxy proxyA, RecordingProxy proxyB, boolean tls)
            throws Exception {
        TCP_NETTY a = behind(tls ? TestMembers.secure() : TestMembers.plain(), proxyA);
        TCP_NETTY b = behind(tls ? TestMembers.secure() : TestMembers.plain(), proxyB);
        JChannel channelA = members.channel("A", a, new LOCAL_PING());
        JChannel channelB = members.channel("B", b, new LOCAL_PING());
        channelA.connect("proxied");
        proxyA.forwardTo(portOf(a));
        channelB.connect("proxied");
        proxyB.forwardTo(portOf(b));
        TestMembers.awaitView(2, channelA, channelB);
        return new JChannel[] {channelA, channelB};
    }

    private static String recorded(boolean tls) throws Exception {
        try (RecordingProxy proxyA = new RecordingProxy();
                RecordingProxy proxyB = new RecordingProxy();
                TestMembers members = new TestMembers()) {
            JChannel[] pair = pair(members, proxyA, proxyB, tls);
            List<String> received = new CopyOnWriteArrayList<>();
            pair[1].setReceiver(new Receiver() {
                @Override
                public void receive(Message message) {
                    received.add(new String(message.<byte[]>getPayload(), StandardCharsets.ISO_8859_1));
                }
            });
            pair[0].send(new BytesMessage(pair[1].getAddress(), MARKER.getBytes(StandardCharsets.ISO_8859_1)));
            Awaitility.await().until(() -> received.contains(MARKER));
            return proxyA.recorded() + proxyB.recorded();
        }
    }

    @Test
    void clearTextShowsTheMarker() throws Exception {
        assertThat(recorded(false)).contains(MARKER, "proxied");
    }

    @Test
    void tlsHidesEverything() throws Exception {
        assertThat(recorded(true)).isNotEmpty().doesNotContain(MARKER).doesNotContain("proxied");
    }

    @Test
    void cutConnectionIsRenewedAndNobodyIsSuspected() throws Exception {
        try (RecordingProxy proxyA = new RecordingProxy();
                RecordingProxy proxyB = new RecordingProxy();
                TestMembers members = new TestMembers()) {
            JChannel[] pair = pair(members, proxyA, proxyB, true);
            long before = TestMembers.of(pair[0]).getReconnects();
            proxyA.cut();
            proxyB.cut();
            Awaitility.await().until(() -> TestMembers.of(pair[0]).getReconnects() > before);
            Awaitility.await().until(() -> TestMembers.of(pair[0]).getOpenConnections() == 1);
            assertThat(TestMembers.of(pair[0]).getSuspectsSent()).isZero();
            assertThat(TestMembers.of(pair[1]).getSuspectsSent()).isZero();
            assertThat(TestMembers.of(pair[0]).getSuspectsRefused()
                            + TestMembers.of(pair[1]).getSuspectsRefused())
                    .isPositive();
            TestMembers.awaitView(2, pair);
        }
    }

    @Test
    void cutConnectionWhosePortRefusesIsADeath() throws Exception {
        try (RecordingProxy proxyA = new RecordingProxy();
                RecordingProxy proxyB = new RecordingProxy();
                TestMembers members = new TestMembers()) {
            JChannel[] pair = pair(members, proxyA, proxyB, true);
            proxyB.die();
            proxyA.die();
            Awaitility.await().until(() -> TestMembers.of(pair[0]).getSuspectsSent() == 1);
            TestMembers.awaitView(1, pair[0]);
        }
    }
}
