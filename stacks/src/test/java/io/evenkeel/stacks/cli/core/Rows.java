package io.evenkeel.stacks.cli.core;

import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;

/** Rows of the lease table, as the commands read them: a member at {@code 10.0.0.1:7800} that has just beaten. */
public final class Rows {
    static final long LEASE_MS = 9_500;

    private Rows() {}

    /** The row of a member of cluster C. */
    public static LeaseRow row(String name, boolean coordinator, String viewId, int viewSize) {
        return new LeaseRow(
                new LeaseIdentity("C", name, name, "10.0.0.1:7800", 1),
                coordinator,
                viewId,
                viewSize,
                1,
                0,
                LEASE_MS,
                3);
    }

    static LeaseRow aged(LeaseRow row, long ageMs) {
        return with(row, row.who(), ageMs, row.leaseMs());
    }

    static LeaseRow leased(LeaseRow row, long leaseMs) {
        return with(row, row.who(), row.ageMs(), leaseMs);
    }

    /** The same of a member at another address. */
    public static LeaseRow at(LeaseRow row, String address) {
        LeaseIdentity who = new LeaseIdentity("C", row.address(), row.who().name(), address, 1);
        return with(row, who, row.ageMs(), row.leaseMs());
    }

    private static LeaseRow with(LeaseRow row, LeaseIdentity who, long ageMs, long leaseMs) {
        return new LeaseRow(
                who, row.coordinator(), row.viewId(), row.viewSize(), row.beat(), ageMs, leaseMs, row.format());
    }
}
