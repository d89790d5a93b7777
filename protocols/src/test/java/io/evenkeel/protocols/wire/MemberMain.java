package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.TCP_NETTY;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.protocols.TCPPING;

/** A member in a JVM of its own, in clear since keys would have to be handed over: cluster, port of another member. */
public final class MemberMain {
    private MemberMain() {}

    public static void main(String[] args) throws Exception {
        TCP_NETTY transport = TestMembers.plain();
        TestMembers members = new TestMembers();
        InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        JChannel channel = members.channel("helper", transport, new TCPPING().setInitialHosts(List.of(other)));
        channel.connect(args[0]);
        System.out.println("JOINED " + channel.getView().size());
        int command = System.in.read();
        channel.close();
        System.out.println("CLOSED after " + command);
    }
}
