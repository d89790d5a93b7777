package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.ViewInfo;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.log.LimitedLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.protocols.PingData;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/** Between JGroups' addresses and views and the words of the table. */
public final class LeaseAddresses {
    private static final Log LOG = LogFactory.getLog(LeaseAddresses.class);
    private static final LimitedLog REPEATED = new LimitedLog(LOG);

    private LeaseAddresses() {}

    public static String text(Address address) {
        return Util.addressToString(address);
    }

    /** A view in the words of the table; its id is creator and number. */
    public static ViewInfo view(View view) {
        Set<String> members = new LinkedHashSet<>();
        view.getMembers().forEach(m -> members.add(text(m)));
        ViewId id = view.getViewId();
        return new ViewInfo(
                text(id.getCreator()) + ViewInfo.SEPARATOR + id.getId(),
                text(view.getCoord()),
                Collections.unmodifiableSet(members));
    }

    /** A coordinator to join as discovery's answer, or null if it cannot be read. */
    public static @Nullable PingData pingData(LeaseIdentity coordinator) {
        try {
            return new PingData(
                            Util.addressFromString(coordinator.address()),
                            true,
                            coordinator.name(),
                            new IpAddress(coordinator.physicalAddress()))
                    .coord(true);
        } catch (Exception e) {
            LOG.debug("cannot read the addresses of %s: %s", coordinator.label(), e);
            return null;
        }
    }

    /** The row as discovery's answer, or null if it cannot be read (another version's address format). */
    public static @Nullable PingData pingData(LeaseRow row) {
        try {
            return new PingData(address(row), row.inView(), row.who().name(), physical(row)).coord(row.coordinator());
        } catch (Exception e) {
            LOG.debug("cannot read the lease row of %s: %s", row.label(), e);
            return null;
        }
    }

    /** The physical address of a row. */
    public static PhysicalAddress physical(LeaseRow row) throws Exception {
        return new IpAddress(row.who().physicalAddress());
    }

    private static Address address(LeaseRow row) throws Exception {
        return Util.addressFromString(row.address());
    }

    /**
     * Another coordinator's view, put together from the rows that name it.
     *
     * @param known the addresses as they came over the wire
     * @return null if it cannot be read
     */
    static @Nullable View view(LeaseRow coordinator, Iterable<LeaseRow> rows, ReceivedAddresses known) {
        try {
            String id = coordinator.viewId();
            int at = id.lastIndexOf(ViewInfo.SEPARATOR);
            ViewId viewId = new ViewId(
                    known.of(Util.addressFromString(id.substring(0, at))), Long.parseLong(id.substring(at + 1)));
            List<Address> members = new ArrayList<>();
            members.add(known.of(address(coordinator)));
            for (LeaseRow row : rows) {
                if (row.viewId().equals(id) && !row.address().equals(coordinator.address())) {
                    members.add(known.of(address(row)));
                }
            }
            return new View(viewId, members);
        } catch (Exception e) {
            REPEATED.write(coordinator.label(), DiscoveryMessages.VIEW_UNREADABLE, coordinator.label(), e);
            return null;
        }
    }
}
