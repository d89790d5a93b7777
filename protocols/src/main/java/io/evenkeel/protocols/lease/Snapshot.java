package io.evenkeel.protocols.lease;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table as one statement saw it. Immutable.
 *
 * @param founder the last founding
 * @param rows the cluster's rows by address: all, or those that {@link LeaseTable#readCoordinators} gives
 * @param sentNs when the read was sent; what changed later is not in it
 * @param receivedNs when its answer was there
 * @param complete whether a row that is not here is not in the table
 */
public record Snapshot(
        FounderEpoch founder, Map<String, LeaseRow> rows, long sentNs, long receivedNs, boolean complete) {
    public static final Snapshot EMPTY = new Snapshot(FounderEpoch.NONE, Map.of(), 0, 0, true);

    public Snapshot {
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    /** The row of this very incarnation, or null. */
    public @Nullable LeaseRow of(LeaseIdentity who) {
        LeaseRow row = rows.get(who.address());
        return row != null && row.incarnation() == who.incarnation() ? row : null;
    }

    /** The row of the last founder, or null if it has gone. */
    public @Nullable LeaseRow founderRow() {
        LeaseRow row = rows.get(founder.address());
        return row != null && founder.is(row.who()) ? row : null;
    }

    /**
     * The state after this read: for a complete one itself, else the older rows with these in their place.
     *
     * @param older its coordinators that are not here any more are left out
     * @param asked the address that this read would hold even if it does not coordinate
     */
    public Snapshot onto(Snapshot older, String asked) {
        if (complete) {
            return this;
        }
        Map<String, LeaseRow> known = new LinkedHashMap<>(older.rows);
        known.values().removeIf(row -> row.coordinator() || row.address().equals(asked));
        known.putAll(rows);
        return new Snapshot(founder, known, sentNs, receivedNs, false);
    }
}
