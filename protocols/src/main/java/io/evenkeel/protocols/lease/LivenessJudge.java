package io.evenkeel.protocols.lease;

/**
 * Judges one row: alive in this table, dead in it, or not to be told apart yet.
 *
 * <p>Alive is a member that answers at the row's physical address and has proved that it uses this table. The proof is
 * its {@link Attestation} that it reads our row; for a version that does not attest, a beat that changed while this
 * member watched. An answer alone proves a process: the row may be a copy, in a database that was restored, cloned, or
 * replicated from the one that the process uses. Such a row says nothing about this table, so it ends as any other that
 * does not beat here.
 *
 * <p>Dead is a row that ran out while this member watched, or whose physical address refuses us or answers as another
 * process. Never a row that we watched beating: if it beats and refuses, something between the two of us is broken (a
 * firewall that rejects, two nodes that advertise one address), and founding a second cluster would only hide it. For
 * the same reason a refusal counts only once the row is older than the time in which a live member must have beaten;
 * and if the table has failed us, once we have watched the row for that time, as its member was kept from beating too.
 *
 * <p>There remains an outage that we did not see, whose end is younger than the members' next beat, or that cuts off
 * the members alone. Nothing in the table tells them from dead ones then, but to watch every row for that time, which
 * each restart after a crash would have to wait for. They win against the eviction if they beat first; if not they
 * enter again, and the two clusters see each other in the table.
 */
final class LivenessJudge {
    private static final String COPY_REMEDY =
            "connect both to one database to join it, or give the cluster on the copy a name of its own";

    private final LeasePolicy policy;
    private final LeaseObserver observer;
    private final PeerProbes probes;
    private final boolean canProbe;

    LivenessJudge(LeasePolicy policy, LeaseObserver observer, PeerProbes probes, boolean canProbe) {
        this.policy = policy;
        this.observer = observer;
        this.probes = probes;
        this.canProbe = canProbe;
    }

    /** The standing of a row. */
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
            case ALIVE ->
                inThisTable(row) ? new Verdict(Standing.LIVE, "answered") : unproven(row, beating, asked.attestation());
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

    /**
     * True if the member has proved that it uses this table: it reads our row, or, if it is too old to say so, it
     * beats.
     */
    boolean inThisTable(LeaseRow row) {
        ProbeVerdict asked = probes.verdict(row);
        if (asked.attestation().seen()) {
            return true;
        }
        boolean reached = asked.kind() == ProbeVerdict.Kind.ALIVE || !canProbe;
        return !row.attests() && reached && observer.beating(row);
    }

    /** True if the row's own process has answered that it uses another table. */
    boolean inAnotherTable(LeaseRow row) {
        return probes.verdict(row).attestation().kind() == Attestation.Kind.NOT_SEEN;
    }

    private Verdict unproven(LeaseRow row, boolean beating, Attestation word) {
        String answer =
                switch (word.kind()) {
                    case NOT_SEEN -> "answers, but our row is not in the lease table that it reads";
                    case UNREADABLE -> "answers, but cannot read its lease table";
                    case NONE, SEEN ->
                        row.attests()
                                ? "answers, but does not say which lease table it reads"
                                : "answers, and its version does not say which lease table it reads";
                };
        String beats = beating
                ? ", while its row beats here"
                : ", and its row has not changed here for " + observer.unchangedMs(row) + " ms";
        if (observer.expired(row)) {
            return new Verdict(
                    Standing.DEAD,
                    answer + beats + ": this database is a copy of the one that it uses, or it has lost" + " its own");
        }
        String cause =
                switch (word.kind()) {
                    case NOT_SEEN -> ": this database is a copy of the one that it uses; " + COPY_REMEDY;
                    case UNREADABLE -> ": check its connection to the database";
                    case NONE, SEEN -> ": waiting for a beat or an answer";
                };
        return new Verdict(Standing.DOUBTFUL, answer + beats + cause);
    }

    /** A line for the operator about a beating row of a process that uses another table. */
    String replicated(LeaseRow row) {
        return row.label() + ": "
                + unproven(row, true, probes.verdict(row).attestation()).why();
    }

    private Verdict byLease(LeaseRow row, boolean beating, ProbeVerdict asked) {
        long leaseMs = policy.leaseMsOf(row);
        if (observer.expired(row)) {
            return new Verdict(
                    Standing.DEAD,
                    "has not beaten for " + row.ageMs() + " ms, lease " + leaseMs + " ms, " + asked.detail());
        }
        if (inThisTable(row)) {
            return new Verdict(Standing.LIVE, "beats in the table");
        }
        String remedy = ", yet it beats in the table: check routes, firewalls and certificates between the two nodes";
        return new Verdict(Standing.DOUBTFUL, asked.detail() + (beating ? remedy : ""));
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
