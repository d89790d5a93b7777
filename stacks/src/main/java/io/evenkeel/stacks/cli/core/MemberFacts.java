package io.evenkeel.stacks.cli.core;

import io.evenkeel.protocols.lease.LeaseRow;

/** A row of the table, and what became of connecting to the address in it. */
public record MemberFacts(LeaseRow row, Reach reach) {
    /** True if its lease had not run out when the table was read. */
    public boolean beats() {
        return row.ageMs() <= row.leaseMs();
    }

    /** The member's own process answered at the address in its row. */
    public boolean answers() {
        return reach instanceof Reach.Spoke spoke && !spoke.formatDiffers() && spoke.incarnation() == row.incarnation();
    }

    public String label() {
        return row.label();
    }
}
