package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.MemberMain;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * FD_SOCK2 in the stacks of members on JGroups' TCP and on TCP_NETTY, in one view: its ring leads through members of
 * both kinds. FD_ALL3 would take a minute, and so would refusals of a port.
 */
class TCP_NETTYStockFailureDetectionTest {
    private final TestMembers members = new TestMembers();
    private final AtomicLong excludedAtNs = new AtomicLong();
    private final List<Integer> viewSizesOfA = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        members.close();
    }

    private JChannel join(String name, String kind, int port, int other) throws Exception {
        TP transport = kind.equals("stock") ? new TCP() : TestMembers.plain().setStockPeers("accept");
        if (transport instanceof TCP_NETTY ours) {
            ours.patient_refusal_time = 60_000;
        }
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(port);
        InetSocketAddress known = new InetSocketAddress(InetAddress.getLoopbackAddress(), other);
        JChannel channel = members.channel(
                name, transport, new TCPPING().setInitialHosts(List.of(known)), List.of(MemberMain.detection()));
        channel.setReceiver(new Receiver() {
            @Override
            public void viewAccepted(View view) {
                excludedAtNs.set(System.nanoTime());
                if (name.equals("A")) {
                    viewSizesOfA.add(view.size());
                }
            }
        });
        // The first one finds itself alone.
        return (other == port ? channel : TestMembers.findingOthers(channel)).connect("ring");
    }

    private static FD_SOCK2 detection(JChannel channel) {
        return channel.getProtocolStack().findProtocol(FD_SOCK2.class);
    }

    private static void awaitRing(JChannel... all) {
        for (JChannel each : all) {
            org.awaitility.Awaitility.await()
                    .until(() -> detection(each).getClientState().equals("CONNECTED"));
        }
    }

    @ParameterizedTest
    @CsvSource({"stock, ours, stock", "ours, stock, ours"})
    void aKilledProcessOfEitherKindIsExcludedAndNobodyElse(String first, String second, String killed)
            throws Exception {
        int port = TestPorts.free();
        JChannel a = join("A", first, port, port);
        JChannel b = join("B", second, TestPorts.free(), port);
        ChildJvm helper = MemberMain.start("ring", port, String.valueOf(TestPorts.free()), killed);
        long fromNs;
        try {
            TestMembers.awaitView(3, a, b);
            awaitRing(a, b);
            fromNs = System.nanoTime();
        } finally {
            helper.kill();
        }
        TestMembers.awaitView(2, a, b);
        System.out.printf(
                "TCP_NETTYStockFailureDetectionTest: %s and %s without a killed one of kind %s after %d ms%n",
                first, second, killed, TimeUnit.NANOSECONDS.toMillis(excludedAtNs.get() - fromNs));
        awaitRing(a, b);
        assertThat(a.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress());
        assertThat(detection(a).getNumSuspectedMembers()).isZero();
        assertThat(detection(b).getNumSuspectedMembers()).isZero();
    }

    @Test
    void aRingOfBothKindsSuspectsNobodyWhileMembersComeAndGo() throws Exception {
        int port = TestPorts.free();
        JChannel a = join("A", "ours", port, port);
        JChannel b = join("B", "stock", TestPorts.free(), port);
        JChannel c = join("C", "ours", TestPorts.free(), port);
        TestMembers.awaitView(3, a, b, c);
        awaitRing(a, b, c);
        for (JChannel leaver : new JChannel[] {c, b}) {
            JChannel[] others =
                    Stream.of(a, b, c).filter(each -> each != leaver).toArray(JChannel[]::new);
            leaver.disconnect();
            TestMembers.awaitView(2, others);
            awaitRing(others);
            leaver.connect("ring");
            TestMembers.awaitView(3, a, b, c);
            awaitRing(a, b, c);
        }
        assertThat(viewSizesOfA).as("each leave, and nothing else").containsExactly(1, 2, 3, 2, 3, 2, 3);
        for (JChannel each : new JChannel[] {a, b, c}) {
            assertThat(detection(each).getNumSuspectedMembers()).isZero();
        }
    }
}
