package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.RecordingProxy;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.LOCAL_PING;
import org.jgroups.stack.IpAddress;

/** Two members that know each other by the addresses of proxies only, at which the network between them can be cut. */
final class ProxiedPair implements AutoCloseable {
    static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int MESSAGES = 200;

    private final TestMembers members = new TestMembers();
    private final List<RecordingProxy> proxies = new ArrayList<>();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private final AtomicInteger received = new AtomicInteger();
    final JChannel a;
    final JChannel b;

    /** Joins both; the settings are those of both transports. */
    ProxiedPair(String cluster, Consumer<TCP_NETTY> settings) throws Exception {
        a = members.channel("A", transport(settings), new LOCAL_PING());
        a.setReceiver(new Receiver() {
            @Override
            public void viewAccepted(View view) {
                views.add(view);
            }
        });
        a.connect(cluster);
        b = members.channel("B", transport(settings), new LOCAL_PING());
        b.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                received.incrementAndGet();
            }
        });
        b.connect(cluster);
        TestMembers.awaitView(2, a, b);
    }

    private TCP_NETTY transport(Consumer<TCP_NETTY> settings) throws IOException {
        TCP_NETTY transport = TestMembers.transport()
                .setTlsMaterial(TestMembers.material(
                        TestMembers.CA, TestMembers.spec("CN=node").withIp(HERE.getHostAddress())));
        settings.accept(transport);
        transport.setBindPort(TestPorts.free());
        RecordingProxy proxy = new RecordingProxy(TestPorts.free());
        proxy.forwardTo(transport.getBindPort());
        proxies.add(proxy);
        transport.setValue("external_addr", HERE);
        transport.setValue("external_port", proxy.port());
        return transport;
    }

    static TCP_NETTY of(JChannel channel) {
        return TestMembers.of(channel);
    }

    /** The port itself, past the proxy. */
    static IpAddress bound(JChannel channel) {
        return new IpAddress(HERE, of(channel).getBoundPort());
    }

    static IpAddress known(JChannel channel) {
        return (IpAddress) of(channel).localPhysicalAddress();
    }

    /** Passes what is to come on to a port instead of the members. */
    void divertTo(int port) {
        proxies.forEach(proxy -> proxy.forwardTo(port));
    }

    void divertNothing() {
        proxies.get(0).forwardTo(of(a).getBoundPort());
        proxies.get(1).forwardTo(of(b).getBoundPort());
    }

    /** Resets all connections. */
    void reset() {
        proxies.forEach(RecordingProxy::cut);
    }

    /** Ends all connections with FIN. */
    void finish() {
        proxies.forEach(RecordingProxy::finish);
    }

    /** Ends both proxies, as processes end, with resets or with FIN; their ports refuse from then on. */
    void stopProxies(boolean reset) throws IOException {
        for (RecordingProxy proxy : proxies) {
            proxy.stop(reset);
        }
    }

    /** Starts them again. */
    void startProxies() throws IOException {
        for (int i = 0; i < proxies.size(); i++) {
            proxies.set(i, new RecordingProxy(proxies.get(i).port()));
        }
        divertNothing();
    }

    /** Messages from A reach B, and A never saw another view than that of both. */
    void assertThatBStaysInPlace() throws Exception {
        int before = received.get();
        for (int i = 0; i < MESSAGES; i++) {
            a.send(new BytesMessage(b.getAddress(), new byte[10]));
        }
        Awaitility.await().untilAsserted(() -> assertThat(received.get()).isEqualTo(before + MESSAGES));
        assertThat(of(a).getSuspectsSent()).isZero();
        assertThat(of(b).getSuspectsSent()).isZero();
        assertThat(views).extracting(View::size).containsExactly(1, 2);
        assertThat(of(a).getPhysicalAddressFromCache(b.getAddress())).isEqualTo(known(b));
    }

    @Override
    public void close() throws IOException {
        members.close();
        for (RecordingProxy proxy : proxies) {
            proxy.close();
        }
    }
}
