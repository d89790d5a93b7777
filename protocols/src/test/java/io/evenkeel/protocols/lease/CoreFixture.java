package io.evenkeel.protocols.lease;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Short hands for the tests of the core: a policy of 1 s and 6 s, and rows of a cluster. */
final class CoreFixture {
    static final LeasePolicy POLICY = new LeasePolicy(1000, 6000);
    static final long LEASE_MS = 6000;
    static final LeaseIdentity ME = who("me");

    private CoreFixture() {}

    static LeaseIdentity who(String address) {
        return new LeaseIdentity("keel", address, "n-" + address, "10.0.0.1:" + address, 1);
    }

    static LeaseRow row(String address, long beat, long ageMs) {
        return new LeaseRow(who(address), false, "", 0, beat, ageMs, LEASE_MS, LeaseRow.FORMAT);
    }

    static LeaseRow coordinator(String address, int viewSize, long beat, long ageMs) {
        return new LeaseRow(who(address), true, address + "|1", viewSize, beat, ageMs, LEASE_MS, LeaseRow.FORMAT);
    }

    static LeaseRow member(String address, String viewId, long beat, long ageMs) {
        return new LeaseRow(who(address), false, viewId, 2, beat, ageMs, LEASE_MS, LeaseRow.FORMAT);
    }

    static Snapshot at(long ms, FounderEpoch founder, LeaseRow... rows) {
        Map<String, LeaseRow> byAddress = new LinkedHashMap<>();
        Arrays.stream(rows).forEach(r -> byAddress.put(r.address(), r));
        long ns = TimeUnit.MILLISECONDS.toNanos(ms);
        return new Snapshot(founder, byAddress, ns, ns, true);
    }

    /** A read of coordinators. */
    static Snapshot partlyAt(long ms, LeaseRow... rows) {
        Snapshot all = at(ms, FounderEpoch.NONE, rows);
        return new Snapshot(all.founder(), all.rows(), all.sentNs(), all.receivedNs(), false);
    }

    static Snapshot at(long ms, LeaseRow... rows) {
        return at(ms, FounderEpoch.NONE, rows);
    }

    /** The row as a version wrote it that does not attest. */
    static LeaseRow ofFormerVersion(LeaseRow row) {
        return new LeaseRow(
                row.who(), row.coordinator(), row.viewId(), row.viewSize(), row.beat(), row.ageMs(), row.leaseMs(), 1);
    }

    /** An answer of a member of the view "a|4" of "a". */
    static ProbeVerdict answer(Attestation.Kind kind) {
        return new ProbeVerdict(ProbeVerdict.Kind.ALIVE, "answered", new Attestation(kind, "a|4", who("a")));
    }

    static ViewInfo view(String id, String... members) {
        return new ViewInfo(id, members[0], new LinkedHashSet<>(List.of(members)));
    }

    static long ns(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
