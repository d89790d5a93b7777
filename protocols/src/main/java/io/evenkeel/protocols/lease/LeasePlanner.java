package io.evenkeel.protocols.lease;

import io.evenkeel.protocols.lease.LivenessJudge.Standing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides, from one snapshot to the next, what a member does with the table: evict, renew, probe, merge, join, found,
 * wait.
 *
 * <p>The rules, after Orleans' membership table and Kubernetes' leader election: a table that cannot be read decides
 * nothing; a row is dead only by our own watching or by an answer over the wire; whatever is written is a
 * compare-and-set on what was watched. A member of the own view is never evicted: the view's failure detection is the
 * better judge of it.
 *
 * <p>The cost of N members in one view for the database: each sends two statements a heartbeat interval, an update of
 * its own row and a read; the coordinator reads N rows, every other one the rows of coordinators. So about 2N
 * statements and 2N rows an interval, plus twice N rows for each member after each view, and N rows every 50 to 200 ms
 * for each that searches a cluster.
 *
 * <p>Single writer, not thread-safe.
 */
public final class LeasePlanner {
    private final LeasePolicy policy;
    private final LeaseIdentity me;
    private final LeaseObserver observer;
    private final PeerProbes probes = new PeerProbes();
    private final LivenessJudge judge;
    private final JoinPlanner joiner;

    private final SplitObserver splits;
    private final DeputyCoordinator deputy;
    private final FullReadSchedule fullReads;

    private Snapshot last = Snapshot.EMPTY;
    private ViewInfo view = ViewInfo.NONE;

    /** Members that are known to use this table: they were in our view, or have attested it. */
    private final Set<String> proven = new HashSet<>();

    /** Rows that the operator was told of. */
    private final Set<LeaseIdentity> warned = new HashSet<>();

    /**
     * Knows nothing yet.
     *
     * @param canProbe whether the transport can ask a physical address who lives there
     */
    public LeasePlanner(LeasePolicy policy, LeaseIdentity me, boolean canProbe) {
        this.policy = policy;
        this.me = me;
        observer = new LeaseObserver(policy);
        judge = new LivenessJudge(policy, observer, probes, canProbe);
        joiner = new JoinPlanner(me, judge, observer, probes);
        splits = new SplitObserver(policy, me, observer);
        deputy = new DeputyCoordinator(policy, me, observer);
        fullReads = new FullReadSchedule(policy);
    }

    /** The view changed. The coordinator of another one has to beat once more to be taken for alive. */
    public void viewChanged(ViewInfo newView) {
        view = newView;
        splits.viewChanged(newView);
        proven.addAll(newView.members());
        // What was answered before a split says nothing about the wire during it.
        probes.clear();
        deputy.viewChanged();
        fullReads.restart();
    }

    /** A read failed, see {@link LeaseObserver#interrupted}. */
    public void interrupted() {
        observer.interrupted();
        fullReads.restart();
    }

    /**
     * True if the next read has to hold all rows. It has to for one that judges them (a joiner, the coordinator, a
     * member that stands in for it) and for all while another coordinator is in the table, whose members have to be
     * counted; see {@link FullReadSchedule} for when else. Otherwise the coordinators are enough.
     */
    public boolean readsAll() {
        return !view.joined()
                || fullReads.due()
                || view.coordinator().equals(me.address())
                || deputy.active()
                || splits.othersPresent();
    }

    /**
     * Addresses of members that are known to use this table, as an unchangeable copy. A row alone does not make one of
     * them: it may be a copy of another table's.
     */
    public Set<String> proven() {
        return Set.copyOf(proven);
    }

    /** All that is known of the table: the last complete read, and what later ones changed of it. */
    public Snapshot known() {
        return last;
    }

    /** A probe ended. */
    public void probed(LeaseRow row, ProbeVerdict verdict, long nowNs) {
        probes.answered(row, verdict, nowNs);
        if (verdict.attestation().seen()) {
            proven.add(row.address());
        }
    }

    /** The number of answers that {@link #probed} still has to be told. */
    int questionsUnderWay() {
        return probes.pending();
    }

    /** The least time until another row runs out while this member watched; the greatest value if there is none. */
    public long toNextExpiryMs() {
        return last.rows().values().stream()
                .filter(row -> !row.address().equals(me.address()) && !observer.expired(row))
                .mapToLong(row -> policy.leaseMsOf(row) - observer.unchangedMs(row) + 1)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Rows that ran out while this member watched. */
    public List<LeaseRow> expired() {
        return last.rows().values().stream().filter(observer::expired).toList();
    }

    /**
     * Takes in a snapshot of the table and says what to do about it.
     *
     * @param snapshot complete unless {@link #readsAll} has said otherwise
     */
    public LeasePlan plan(Snapshot snapshot, long nowNs) {
        observer.observe(snapshot);
        probes.forgetOld(nowNs);
        last = snapshot.onto(last, view.coordinator());
        if (snapshot.complete()) {
            probes.retain(snapshot.rows().keySet());
            proven.removeIf(address ->
                    !snapshot.rows().containsKey(address) && !view.members().contains(address));
            warned.removeIf(who -> snapshot.of(who) == null);
        }
        fullReads.read(snapshot.complete(), nowNs);
        List<LeaseAction> actions = new ArrayList<>();
        if (!view.joined()) {
            JoinStep step = joiner.plan(snapshot, actions);
            return new LeasePlan(asking(actions, nowNs), step, Split.NONE, false);
        }
        splits.observe(last, snapshot.complete(), judge::inAnotherTable, nowNs);
        boolean coordinating = view.coordinator().equals(me.address());
        deputy.observe(view, last.rows().get(view.coordinator()), nowNs);
        if (snapshot.complete() && isActingCoordinator()) {
            renewAndEvict(actions);
        }
        if (coordinating) {
            merge(splits.split().coordinators(), actions);
            coordinatorsOfOtherTables(actions);
        }
        return new LeasePlan(asking(actions, nowNs), null, splits.split(), coordinating && splits.othersPresent());
    }

    /**
     * A merge with a coordinator that cannot be reached blocks GMS for seconds, also when it can be reached again; one
     * with a coordinator that uses another table would join two clusters. So it is asked over the wire first. If it
     * cannot read its table, a member of its view may vouch for it.
     */
    private void merge(List<LeaseRow> coordinators, List<LeaseAction> actions) {
        List<LeaseRow> reached = new ArrayList<>();
        for (LeaseRow coordinator : coordinators) {
            actions.add(new LeaseAction.Probe(coordinator));
            List<LeaseRow> others = probes.verdict(coordinator).attestation().kind() == Attestation.Kind.UNREADABLE
                    ? membersOf(coordinator)
                    : List.of();
            others.forEach(r -> actions.add(new LeaseAction.Probe(r)));
            if (judge.inThisTable(coordinator) || others.stream().anyMatch(r -> vouches(r, coordinator))) {
                reached.add(coordinator);
            }
        }
        if (!reached.isEmpty()) {
            actions.add(new LeaseAction.Merge(reached));
        }
    }

    private List<LeaseRow> membersOf(LeaseRow coordinator) {
        return last.rows().values().stream()
                .filter(r ->
                        r.viewId().equals(coordinator.viewId()) && !r.address().equals(coordinator.address()))
                .toList();
    }

    private boolean vouches(LeaseRow member, LeaseRow coordinator) {
        Attestation word = probes.verdict(member).attestation();
        return word.vouches() && word.coordinator().address().equals(coordinator.address());
    }

    /** A coordinator that beats here and uses another table: something copies the rows of its table into ours. */
    private void coordinatorsOfOtherTables(List<LeaseAction> actions) {
        for (LeaseRow row : last.rows().values()) {
            if (row.coordinator() && judge.inAnotherTable(row) && observer.beating(row)) {
                actions.add(new LeaseAction.Probe(row));
                if (warned.add(row.who())) {
                    actions.add(new LeaseAction.WarnUnmerged(judge.replicated(row)));
                }
            }
        }
    }

    /**
     * The acting coordinator renews and evicts for the view. It is the coordinator, or, while that does not reach the
     * table, the first member in view order that does.
     */
    private boolean isActingCoordinator() {
        for (String member : view.members()) {
            if (member.equals(me.address())) {
                return true;
            }
            LeaseRow row = last.rows().get(member);
            if (row != null && observer.unchangedMs(row) <= policy.overdueMs(row)) {
                return false;
            }
        }
        return false;
    }

    private void renewAndEvict(List<LeaseAction> actions) {
        for (LeaseRow row : last.rows().values()) {
            if (row.address().equals(me.address())) {
                continue;
            }
            if (view.members().contains(row.address())) {
                if (observer.unchangedMs(row) > policy.overdueMs(row)) {
                    actions.add(new LeaseAction.Renew(row, view));
                }
                continue;
            }
            LivenessJudge.Verdict verdict = judge.judge(row, me);
            if (verdict.finding() == Standing.DEAD) {
                actions.add(new LeaseAction.Evict(row, verdict.why()));
            } else if (observer.unchangedMs(row) > policy.certainBeatMs(row)) {
                actions.add(new LeaseAction.Probe(row));
            }
        }
    }

    /**
     * Drops the questions that are not due, notes the others. Questions that need the table come last: if that fails,
     * the rest of the actions is not done, and a question that was noted and never asked would be waited for until the
     * next view.
     */
    private List<LeaseAction> asking(List<LeaseAction> actions, long nowNs) {
        List<LeaseAction> wire = new ArrayList<>(actions.size());
        List<LeaseAction> table = new ArrayList<>(actions.size());
        for (LeaseAction action : actions) {
            if (action instanceof LeaseAction.Probe probe) {
                if (!probes.due(probe.row(), nowNs)) {
                    continue;
                }
                probes.asked(probe.row(), nowNs);
            }
            (action instanceof LeaseAction.Evict || action instanceof LeaseAction.Renew ? table : wire).add(action);
        }
        wire.addAll(table);
        return wire;
    }

    /** The table for people. */
    public String dump() {
        return LeaseDump.text(
                last,
                me,
                row -> "watched=" + observer.unchangedMs(row) + "ms" + (observer.expired(row) ? " EXPIRED" : ""));
    }
}
