package io.evenkeel.protocols.lease;

/**
 * One member's row as it was read.
 *
 * @param who the member that wrote it
 * @param coordinator whether the member said that it coordinates its view
 * @param viewId the view the member is in, empty while it is not in one
 * @param viewSize members of that view, 0 while in none
 * @param beat grows with every beat and every renewal, never goes back
 * @param ageMs time since the last beat by the database's clock; negative if that clock was set back
 * @param leaseMs the lease the member promised to keep
 * @param format version of the row's format, see {@link #FORMAT}
 */
public record LeaseRow(
        LeaseIdentity who,
        boolean coordinator,
        String viewId,
        int viewSize,
        long beat,
        long ageMs,
        long leaseMs,
        int format) {

    /** The format this version writes. Readers take any: columns are only ever added. */
    public static final int FORMAT = 3;

    /** From this format on a member answers the question for another one's row, see {@link Attestation}. */
    static final int ATTESTING_FORMAT = 2;

    /** From this format on a member reads the addresses that come with a view. */
    private static final int VIEW_ADDRESSES_FORMAT = 3;

    public String address() {
        return who.address();
    }

    public long incarnation() {
        return who.incarnation();
    }

    public boolean inView() {
        return coordinator || !viewId.isEmpty();
    }

    /** Address of the coordinator that installed the row's view, empty while in none. */
    String viewCreator() {
        return ViewInfo.creator(viewId);
    }

    /** True if the member answers {@link Attestation}s. */
    public boolean attests() {
        return format >= ATTESTING_FORMAT;
    }

    /** True if the member can read a message of GMS with addresses in it. */
    public boolean readsViewAddresses() {
        return format >= VIEW_ADDRESSES_FORMAT;
    }

    /** Name and physical address, as a line for people has them. */
    public String label() {
        return who.label();
    }
}
