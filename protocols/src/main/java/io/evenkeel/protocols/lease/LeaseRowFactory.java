package io.evenkeel.protocols.lease;

/**
 * Makes the rows that a member writes of itself.
 *
 * <p>A row that was evicted and is entered again must not come back at a beat that another member has watched: its
 * compare-and-set would take the one for the other. No member knows how often others beat for it, so each entry starts
 * in a range of its own.
 */
public final class LeaseRowFactory {
    /** More beats than one entry can live to see. */
    private static final long RANGE = 1L << 40;

    private final LeaseIdentity me;
    private final long leaseMs;
    private long entries;

    public LeaseRowFactory(LeaseIdentity me, long leaseMs) {
        this.me = me;
        this.leaseMs = leaseMs;
    }

    /** For {@link LeaseTable#beat}. */
    public LeaseRow beat(ViewInfo view) {
        return row(view, 0);
    }

    /** For one {@link LeaseTable#enter}, whatever comes of it. */
    public LeaseRow entry(ViewInfo view) {
        return row(view, RANGE * entries++ + 1);
    }

    private LeaseRow row(ViewInfo view, long beat) {
        boolean coordinator = view.coordinator().equals(me.address());
        return new LeaseRow(me, coordinator, view.id(), view.members().size(), beat, 0, leaseMs, LeaseRow.FORMAT);
    }
}
