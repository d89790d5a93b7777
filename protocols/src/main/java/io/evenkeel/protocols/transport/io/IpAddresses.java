package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.Endpoints;
import io.evenkeel.protocols.transport.core.Hello;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jgroups.stack.IpAddress;

/** Between the JDK's and JGroups' addresses. */
public final class IpAddresses {
    private IpAddresses() {}

    /**
     * Reads what the peer at the other end of a connection says of itself; a link-local address is in the zone of its
     * link.
     */
    static Hello hello(ByteBuffer body, Channel connection) {
        Hello hello = Hello.decode(body);
        return connection.remoteAddress() instanceof InetSocketAddress remote
                ? hello.inZoneOf(remote.getAddress())
                : hello;
    }

    /** A connection as this side sees it; empty if it is over. */
    static Optional<Endpoints> endpoints(Channel connection) {
        return connection.localAddress() instanceof InetSocketAddress local
                        && connection.remoteAddress() instanceof InetSocketAddress remote
                ? Optional.of(new Endpoints(local, remote))
                : Optional.empty();
    }

    public static IpAddress of(InetSocketAddress address) {
        return new IpAddress(address.getAddress(), address.getPort());
    }
}
