package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.Snapshot;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The physical addresses of members with a lease: those of all rows, but for members that have left the view and do not
 * beat any more. A row outlives its member for a moment, after a kill -9 for a lease, and a member that reads seldom
 * knows it for longer; by then another process may be at the address. A member of the other side of a split beats, and
 * counts again once that is seen.
 *
 * <p>For any thread.
 */
final class LeasedAddresses {
    private static final int MAX_REMEMBERED = 1_000;

    private volatile Set<String> addresses = Set.of();
    private Map<String, LeaseRow> rows = Map.of();
    private Set<String> members = Set.of();
    private final Map<String, Departure> departures = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Departure> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** A member's leave of the view, and its first beat that was read since; none yet if negative. */
    private record Departure(long atNs, long beat) {
        private static final long NOT_READ = -1;

        static Departure at(long nowNs) {
            return new Departure(nowNs, NOT_READ);
        }

        /** Null if the member beats still. */
        @Nullable Departure after(Snapshot snapshot, LeaseRow row) {
            if (!snapshot.complete() || snapshot.sentNs() - atNs < 0 || row.beat() == beat) {
                return this;
            }
            return beat == NOT_READ ? new Departure(atNs, row.beat()) : null;
        }
    }

    /** True if a member with a lease is at a physical address. */
    boolean contains(String physicalAddress) {
        return addresses.contains(physicalAddress);
    }

    /** A view was installed. */
    synchronized void viewChanged(Collection<String> installed, long nowNs) {
        Set<String> present = Set.copyOf(installed);
        members.stream()
                .filter(member -> !present.contains(member))
                .forEach(member -> departures.put(member, Departure.at(nowNs)));
        members = present;
        departures.keySet().removeAll(present);
        count();
    }

    /** The table was read, or a part of it. */
    synchronized void read(Snapshot snapshot) {
        rows = snapshot.rows();
        for (LeaseRow row : rows.values()) {
            departures.computeIfPresent(row.address(), (address, left) -> left.after(snapshot, row));
        }
        count();
    }

    private void count() {
        addresses = rows.values().stream()
                .filter(row -> !departures.containsKey(row.address()))
                .map(row -> row.who().physicalAddress())
                .collect(Collectors.toUnmodifiableSet());
    }
}
