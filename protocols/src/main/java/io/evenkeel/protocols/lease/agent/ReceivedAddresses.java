package io.evenkeel.protocols.lease.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jgroups.Address;
import org.jgroups.View;
import org.jgroups.util.UUID;

/**
 * Members' addresses as views and messages brought them. The table has what tells members apart, and not what a richer
 * kind of address carries beside: Infinispan's has the version, the site and the rack of its node, and Infinispan
 * cannot install a view of plain ones. For any thread.
 */
final class ReceivedAddresses {
    private static final int MAX_REMEMBERED = 1_000;

    private final Map<Address, Address> rich = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Address> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    synchronized void remember(Address member) {
        if (member != null && !isPlain(member)) {
            // Anew, so that the one that was not seen for longest is forgotten first.
            rich.remove(member);
            rich.put(member, member);
        }
    }

    void remember(View view) {
        view.getMembers().forEach(this::remember);
    }

    /** The address as it came over the wire, or as it stands in the table where it never came. */
    synchronized Address of(Address member) {
        return rich.getOrDefault(member, member);
    }

    /** True if a view may be merged with one of a member of this kind of address. */
    static boolean isWhole(View view, Address own) {
        return isPlain(own) || view.getMembers().stream().noneMatch(ReceivedAddresses::isPlain);
    }

    private static boolean isPlain(Address member) {
        return member.getClass() == UUID.class;
    }
}
