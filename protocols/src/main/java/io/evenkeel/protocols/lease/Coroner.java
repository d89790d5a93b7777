package io.evenkeel.protocols.lease;

/**
 * Judges one row: alive, dead, or not to be told apart yet.
 *
 * <p>Dead is a row that ran out under our own eyes, or whose physical address refuses us or answers as somebody else. Never
 * a row that we watched beating: if it beats and refuses, something between the two of us is broken (a firewall that
 * rejects, two nodes that advertise one address), and founding a second cluster would only hide it. For the same reason
 * a refusal counts only once the row is older than the time in which a live member must have beaten; and if the table has
 * failed us, once we have watched the row for that time, as its member was kept from beating too.
 *
 * <p>What is left is an outage that we did not see, whose end is younger than the members' next beat, or that cuts off the
 * members alone. Nothing in the table tells them from dead ones then, but to watch every row for that time, which each
 * restart after a crash would have to wait for. They win against the eviction if they beat first; if not they enter again,
 * and the two clusters see each other in the table.
 */
final class Coroner {
    private final LeasePolicy policy;
    private final LeaseObserver observer;
    private final ProbeBook probes;
    private final boolean canProbe;

    Coroner(LeasePolicy policy, LeaseObserver observer, ProbeBook probes, boolean canProbe) {
        this.policy = policy;
        this.observer = observer;
        this.probes = probes;
        this.canProbe = canProbe;
    }

    /** What is known of a row. */
    enum Standing {
        LIVE,
        DOUBTFUL,
        DEAD
    }

    /**
     * @param finding the judgement
     * @param why for the log: what it rests on, and for a doubtful row what to look at
     */
    record Verdict(Standing finding, String why) {}

    /** @param me whose physical address a row of another may not bear */
    Verdict judge(LeaseRow row, LeaseIdentity me) {
        ProbeVerdict asked = probes.verdict(row);
        boolean beating = observer.beating(row);
        if (row.who().physicalAddress().equals(me.physicalAddress())) {
            return gone(
                    row,
                    beating,
                    "bears our own address",
                    "two nodes advertise one address: check bind_addr,"
                            + " bind_port and the external address of both");
        }
        return switch (asked.kind()) {
            case ALIVE -> new Verdict(Standing.LIVE, "answered");
            case REPLACED ->
                beating
                        ? new Verdict(
                                Standing.DOUBTFUL,
                                "beats in the table, but " + asked.detail() + "; check which node its address leads to")
                        : new Verdict(Standing.DEAD, asked.detail());
            case REFUSED -> gone(row, beating, "refused the connection", "check firewalls and the advertised address");
            case UNASKED, SILENT, REJECTED -> byLease(row, beating, asked);
        };
    }

    private Verdict byLease(LeaseRow row, boolean beating, ProbeVerdict asked) {
        long leaseMs = policy.leaseMsOf(row);
        if (observer.expired(row)) {
            return new Verdict(
                    Standing.DEAD,
                    "has not beaten for " + row.ageMs() + " ms, lease " + leaseMs + " ms"
                            + (canProbe ? ", " + asked.detail() : ""));
        }
        if (canProbe) {
            String remedy =
                    ", yet it beats in the table: check routes, firewalls and certificates between the two nodes";
            return new Verdict(Standing.DOUBTFUL, asked.detail() + (beating ? remedy : ""));
        }
        return row.ageMs() > leaseMs && !beating
                ? new Verdict(
                        Standing.DOUBTFUL, "last beat " + row.ageMs() + " ms ago, waiting for its lease to run out")
                : new Verdict(Standing.LIVE, "its lease is valid");
    }

    private Verdict gone(LeaseRow row, boolean beating, String what, String remedy) {
        if (beating) {
            return new Verdict(Standing.DOUBTFUL, what + ", yet it beats in the table: " + remedy);
        }
        if (row.ageMs() >= 0 && row.ageMs() <= policy.certainBeatMs(row)) {
            return new Verdict(
                    Standing.DOUBTFUL, what + ", last beat " + row.ageMs() + " ms ago: waiting for the next");
        }
        if ((row.ageMs() < 0 || observer.sawOutage()) && observer.unchangedMs(row) <= policy.certainBeatMs(row)) {
            return new Verdict(
                    Standing.DOUBTFUL,
                    what + (row.ageMs() < 0 ? ", its age is not known" : ", the database was away")
                            + ": waiting for a beat");
        }
        return new Verdict(Standing.DEAD, what);
    }
}
