package io.evenkeel.protocols.transport.io;

import java.util.Set;
import org.jgroups.stack.IpAddress;

/** The physical addresses of the members of the current view, as far as they are known. Safe for threads. */
public final class MemberAddresses {
    private volatile Set<IpAddress> addresses = Set.of();

    public void set(Set<IpAddress> members) {
        addresses = Set.copyOf(members);
    }

    public boolean contains(IpAddress address) {
        return addresses.contains(address);
    }
}
