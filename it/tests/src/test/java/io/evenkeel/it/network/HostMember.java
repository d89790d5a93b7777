package io.evenkeel.it.network;

import io.evenkeel.protocols.TCP_NETTY;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * A member in a JVM of its own: own address, then those of all members. It sends to all others all the time, so that
 * there is always something to be reset, and prints the size of each view with the time. On its standard input "state"
 * has it print its counters, "talk" ask all others, and print so when all have answered.
 */
public final class HostMember implements Receiver {
    static final int PORT = 7800;

    private static final long TRAFFIC_INTERVAL_MS = 5;
    private static final byte[] TRAFFIC = new byte[100];
    private static final byte[] QUESTION = {'q'};
    private static final byte[] ANSWER = {'a'};

    private final JChannel channel;
    private final Set<Address> unanswered = ConcurrentHashMap.newKeySet();

    private HostMember(JChannel channel) {
        this.channel = channel;
    }

    @Override
    public void receive(Message message) {
        byte[] said = message.getPayload();
        if (said.length == TRAFFIC.length) {
            return;
        }
        if (said[0] == QUESTION[0]) {
            send(message.getSrc(), ANSWER);
        } else if (unanswered.remove(message.getSrc()) && unanswered.isEmpty()) {
            System.out.println("TALKED");
        }
    }

    private void send(Address to, byte[] bytes) {
        try {
            channel.send(new BytesMessage(to, bytes));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void viewAccepted(View view) {
        System.out.println("VIEW " + view.size() + " " + System.currentTimeMillis());
    }

    private Stream<Address> others() {
        return channel.getView().getMembers().stream().filter(each -> !each.equals(channel.getAddress()));
    }

    private void talk() {
        List<Address> asked = others().toList();
        unanswered.addAll(asked);
        asked.forEach(each -> send(each, QUESTION));
    }

    private void flow() {
        try {
            while (channel.isConnected()) {
                others().forEach(each -> send(each, TRAFFIC));
                Thread.sleep(TRAFFIC_INTERVAL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellState() {
        TCP_NETTY transport = (TCP_NETTY) channel.getProtocolStack().getTransport();
        System.out.println("STATE suspects=" + transport.getSuspectsSent() + " open="
                + transport.getOpenConnections() + " liveness=" + transport.getLivenessConnections() + " reconnects="
                + transport.getReconnects());
    }

    public static void main(String[] args) throws Exception {
        List<InetSocketAddress> all = Stream.of(args)
                .skip(1)
                .map(address -> new InetSocketAddress(address, PORT))
                .toList();
        JChannel channel = Members.channel(args[0], new InetSocketAddress(args[0], PORT), all);
        HostMember member = new HostMember(channel);
        channel.setReceiver(member);
        channel.connect(Members.CLUSTER);
        Thread traffic = new Thread(member::flow, "traffic");
        traffic.setDaemon(true);
        traffic.start();
        Scanner commands = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8);
        while (commands.hasNextLine()) {
            switch (commands.nextLine()) {
                case "talk" -> member.talk();
                case "state" -> member.tellState();
                default -> throw new IllegalArgumentException("unknown command");
            }
        }
        System.exit(0);
    }
}
