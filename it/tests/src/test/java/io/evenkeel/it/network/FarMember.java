package io.evenkeel.it.network;

import java.net.InetSocketAddress;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;

/**
 * A member in a JVM of its own that sends every message back, until its standard input ends; own address, another
 * member's address and port.
 */
public final class FarMember {
    private FarMember() {}

    public static void main(String[] args) throws Exception {
        JChannel channel = Members.channel("far", args[0], new InetSocketAddress(args[1], Integer.parseInt(args[2])));
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                if (!message.src().equals(channel.getAddress())) {
                    try {
                        channel.send(new BytesMessage(message.src(), message.<byte[]>getPayload()));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        channel.connect(Members.CLUSTER);
        while (System.in.read() >= 0) {
            // Until its input ends.
        }
        Runtime.getRuntime().halt(0);
    }
}
