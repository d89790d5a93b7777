package io.evenkeel.it.network;

import io.evenkeel.protocols.TCP_NETTY;
import java.net.InetSocketAddress;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;

/** Channels over TCP_NETTY with FD_ALL3 as in the prebuilt stacks, in clear since keys would have to be handed over. */
final class Members {
    static final String CLUSTER = "network-trouble";
    static final int DEAD_CONNECTION_TIMEOUT_MS = 3_000;

    private Members() {}

    /** A channel at a port of the kernel's choice that is not connected yet; give it a receiver first. */
    static JChannel channel(String name, String address, InetSocketAddress known) throws Exception {
        return channel(name, new InetSocketAddress(address, 0), known == null ? List.of() : List.of(known));
    }

    /** The same at an address and port. */
    static JChannel channel(String name, InetSocketAddress own, List<InetSocketAddress> known) throws Exception {
        TCP_NETTY transport = new TCP_NETTY().setEncryption("none");
        transport.setBindAddress(own.getAddress());
        transport.setBindPort(own.getPort());
        transport.setValue("dead_connection_timeout", DEAD_CONNECTION_TIMEOUT_MS);
        JChannel channel = new JChannel(
                transport,
                new TCPPING().setInitialHosts(known),
                new MERGE3(),
                new FD_ALL3(),
                new VERIFY_SUSPECT2().setTimeout(1_000),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS().setJoinTimeout(2_000),
                new UFC(),
                new MFC(),
                new FRAG4());
        return channel.setName(name);
    }
}
