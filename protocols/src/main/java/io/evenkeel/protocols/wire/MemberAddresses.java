package io.evenkeel.protocols.wire;

import java.util.Set;
import org.jgroups.stack.IpAddress;

/** The physical addresses of the members of the current view, as far as they are known. Safe for threads. */
final class MemberAddresses {
    private volatile Set<IpAddress> addresses = Set.of();

    void set(Set<IpAddress> members) {
        addresses = Set.copyOf(members);
    }

    boolean contains(IpAddress address) {
        return addresses.contains(address);
    }
}
