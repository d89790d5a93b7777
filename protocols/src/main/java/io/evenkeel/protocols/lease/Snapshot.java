package io.evenkeel.protocols.lease;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The table as one statement saw it. Immutable.
 *
 * @param founder the last founding
 * @param rows the cluster's rows by address
 * @param sentNs when the read was sent; what changed later is not in it
 * @param receivedNs when its answer was there
 */
public record Snapshot(FounderEpoch founder, Map<String, LeaseRow> rows, long sentNs, long receivedNs) {
    public static final Snapshot EMPTY = new Snapshot(FounderEpoch.NONE, Map.of(), 0, 0);

    public Snapshot {
        rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    /** The row of this very incarnation, or null. */
    public LeaseRow of(LeaseIdentity who) {
        LeaseRow row = rows.get(who.address());
        return row != null && row.incarnation() == who.incarnation() ? row : null;
    }

    /** The row of the last founder, or null if it has gone. */
    public LeaseRow founderRow() {
        LeaseRow row = rows.get(founder.address());
        return row != null && founder.is(row.who()) ? row : null;
    }
}
