package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Hello;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jgroups.stack.IpAddress;

/** Between the JDK's and JGroups' addresses. */
final class IpAddresses {
    private IpAddresses() {}

    /** Reads what the peer at the other end of a connection says of itself; a link-local address is in the zone of its link. */
    static Hello hello(ByteBuffer body, Channel connection) {
        Hello hello = Hello.decode(body);
        return connection.remoteAddress() instanceof InetSocketAddress remote
                ? hello.inZoneOf(remote.getAddress())
                : hello;
    }

    static IpAddress of(InetSocketAddress address) {
        return new IpAddress(address.getAddress(), address.getPort());
    }
}
