package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.protocols.transport.TestMembers;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;

/** Members at link-local addresses of IPv6, which lead nowhere without the zone that each host numbers for itself. */
class TCP_NETTYLinkLocalTest {

    private static Optional<InetAddress> linkLocal() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet6Address && address.isLinkLocalAddress())
                .findFirst();
    }

    private static JChannel join(TestMembers members, String name, InetAddress here, List<InetSocketAddress> known)
            throws Exception {
        TCP_NETTY transport = TestMembers.secure();
        transport.setBindAddress(here);
        return members.channel(name, transport, new TCPPING().setInitialHosts(known));
    }

    @Test
    void whoeverWasHeardCanBeDialled() throws Exception {
        Optional<InetAddress> here = linkLocal();
        assumeTrue(here.isPresent(), "no link-local address of IPv6 here");
        System.out.println("link-local: " + here.get());
        try (TestMembers members = new TestMembers()) {
            AtomicInteger heard = new AtomicInteger();
            JChannel a = join(members, "A", here.get(), List.of()).connect("link");
            InetSocketAddress known =
                    new InetSocketAddress(here.get(), TestMembers.of(a).getBoundPort());
            JChannel b = join(members, "B", here.get(), List.of(known));
            b.setReceiver(new Receiver() {
                @Override
                public void receive(Message message) {
                    heard.incrementAndGet();
                }
            });
            b.connect("link");
            TestMembers.awaitView(2, a, b);
            IpAddress cached = (IpAddress) TestMembers.of(a).getPhysicalAddressFromCache(b.getAddress());
            assertThat(((Inet6Address) cached.getIpAddress()).getScopeId()).isPositive();
            // B opened the connection that is there; now it is A's turn. Acknowledgements of the join may open another
            // one yet.
            Awaitility.await().until(() -> {
                TestMembers.of(a).clearConnections(true);
                return TestMembers.of(a).getOpenConnections() == 0;
            });
            a.send(new ObjectMessage(b.getAddress(), "hello"));
            Awaitility.await().until(() -> heard.get() == 1);
        }
    }
}
