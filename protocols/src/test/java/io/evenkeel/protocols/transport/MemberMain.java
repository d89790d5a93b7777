package io.evenkeel.protocols.transport;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.protocols.TCP_NETTY;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;

/**
 * A member in a JVM of its own, in clear since keys would have to be handed over: cluster, port of another member, and
 * for one in a cluster of both kinds its own port and "stock" or "ours". On its standard input "h" halts the JVM, "e"
 * ends it without closing the channel, anything else closes the channel.
 */
public final class MemberMain {
    private MemberMain() {}

    /** Starts one in that cluster, beside the member at that port. */
    public static ChildJvm start(String cluster, int port, String... more) {
        List<String> arguments = new ArrayList<>(List.of(cluster, Integer.toString(port)));
        arguments.addAll(List.of(more));
        return ChildJvm.start("helper", MemberMain.class, arguments.toArray(String[]::new));
    }

    /** Tells the sender of a single byte how many longer messages came before. */
    private static final class Counter implements Receiver {
        private final JChannel channel;
        private final AtomicInteger count = new AtomicInteger();

        Counter(JChannel channel) {
            this.channel = channel;
        }

        @Override
        public void receive(Message message) {
            if (message.getLength() != 1) {
                count.incrementAndGet();
                return;
            }
            try {
                channel.send(new ObjectMessage(message.getSrc(), count.get()));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** One that takes no member for dead whose answer is late. */
    public static FD_SOCK2 detection() {
        FD_SOCK2 detection = new FD_SOCK2().setBindAddress(InetAddress.getLoopbackAddress());
        detection.setValue("connect_timeout", 60_000);
        return detection;
    }

    public static void main(String[] args) throws Exception {
        boolean mixed = args.length > 2;
        TP transport = mixed && args[3].equals("stock") ? new TCP() : TestMembers.plain();
        if (mixed) {
            transport.setBindAddress(InetAddress.getLoopbackAddress());
            transport.setBindPort(Integer.parseInt(args[2]));
        }
        if (mixed && transport instanceof TCP_NETTY ours) {
            ours.setStockPeers("accept");
        }
        TestMembers members = new TestMembers();
        InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        JChannel channel = members.channel(
                "helper",
                transport,
                new TCPPING().setInitialHosts(List.of(other)),
                mixed ? List.of(detection()) : List.of());
        channel.setReceiver(new Counter(channel));
        channel.connect(args[0]);
        System.out.println("JOINED " + channel.getView().size());
        int command = System.in.read();
        if (command == 'h') {
            Runtime.getRuntime().halt(0);
        } else if (command == 'e') {
            System.exit(0);
        }
        channel.close();
        System.out.println("CLOSED after " + command);
    }
}
