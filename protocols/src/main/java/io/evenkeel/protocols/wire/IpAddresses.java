package io.evenkeel.protocols.wire;

import java.net.InetSocketAddress;
import org.jgroups.stack.IpAddress;

/** Between the JDK's and JGroups' addresses. */
final class IpAddresses {
    private IpAddresses() {}

    static IpAddress of(InetSocketAddress address) {
        return new IpAddress(address.getAddress(), address.getPort());
    }
}
