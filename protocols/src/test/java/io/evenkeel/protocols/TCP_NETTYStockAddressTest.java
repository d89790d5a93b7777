package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that comes back at its address on the other transport, as each does in a migration. */
class TCP_NETTYStockAddressTest {
    private static final int ROUNDS = 6;
    private static final String CLUSTER = "same-address";

    private final TestMembers members = new TestMembers();

    @AfterEach
    void close() {
        members.close();
    }

    private static TP transport(boolean stock, int port) {
        TP transport = stock ? new TCP() : TestMembers.plain().setStockPeers("accept");
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(port);
        return transport;
    }

    /** The members that stay write to it first, as soon as they have the view with it. */
    @Test
    void nobodySuspectsIt() throws Exception {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        JChannel a = members.join("A", CLUSTER, transport(false, 0));
        JChannel b = members.join(
                "B",
                CLUSTER,
                transport(false, 0),
                channel -> channel.setReceiver(new Receiver() {
                    @Override
                    public void viewAccepted(View view) {
                        sizes.add(view.size());
                    }
                }));
        int port = TestPorts.free();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> received = new CopyOnWriteArrayList<>();
            JChannel moved = members.join(
                    "M" + round,
                    CLUSTER,
                    transport(round % 2 == 0, port),
                    channel -> channel.setReceiver(new Receiver() {
                        @Override
                        public void receive(Message message) {
                            received.add(message.getObject());
                        }
                    }));
            TestMembers.awaitView(3, a, b, moved);
            b.send(moved.getAddress(), "from B");
            a.send(moved.getAddress(), "from A");
            Awaitility.await().untilAsserted(() -> assertThat(received).containsExactlyInAnyOrder("from A", "from B"));
            moved.close();
            TestMembers.awaitView(2, a, b);
        }
        assertThat(TestMembers.of(a).getSuspectsSent() + TestMembers.of(b).getSuspectsSent())
                .isZero();
        assertThat(sizes).as("each join and each leave, and nothing else").hasSize(1 + 2 * ROUNDS);
    }
}
