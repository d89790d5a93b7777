package io.evenkeel.protocols.lease;

import io.evenkeel.protocols.lease.Coroner.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides, from one snapshot to the next, what a member does with the table: evict, renew, probe, merge, join, found, wait.
 *
 * <p>The rules, after Orleans' membership table and Kubernetes' leader election: a table that cannot be read decides nothing;
 * a row is dead only by our own watching or by an answer over the wire; whatever is written is a compare-and-set on what was
 * watched. A member of the own view is never evicted: the view's failure detection is the better judge of it.
 *
 * <p>What N members in one view cost the database: each sends two statements a heartbeat interval, an update of its own row and a
 * read; the coordinator reads N rows, everybody else the rows of coordinators. So about 2N statements and 2N rows an
 * interval, plus twice N rows for each member after each view, and N rows every 50 to 200 ms for each that searches a
 * cluster.
 *
 * <p>Single writer, not thread-safe.
 */
public final class LeaseKeeper {
    private final LeasePolicy policy;
    private final LeaseIdentity me;
    private final boolean canProbe;
    private final LeaseObserver observer;
    private final ProbeBook probes = new ProbeBook();
    private final Coroner coroner;
    private final JoinPlanner joiner;

    private final StandIn standIn;
    private final LookAround lookAround;

    private Snapshot last = Snapshot.EMPTY;
    private ViewInfo view = ViewInfo.NONE;

    /** The beat at which a coordinator of another view was first read after our view was installed. */
    private final Map<String, Long> beatsAtView = new HashMap<>();

    /**
     * Knows nothing yet.
     *
     * @param canProbe whether the transport can ask a physical address who lives there
     */
    public LeaseKeeper(LeasePolicy policy, LeaseIdentity me, boolean canProbe) {
        this.policy = policy;
        this.me = me;
        this.canProbe = canProbe;
        observer = new LeaseObserver(policy);
        coroner = new Coroner(policy, observer, probes, canProbe);
        joiner = new JoinPlanner(me, coroner, observer);
        standIn = new StandIn(policy, me, observer);
        lookAround = new LookAround(policy);
    }

    /** The view changed. Whoever coordinates another one has to beat once more to be taken for alive. */
    public void viewChanged(ViewInfo newView) {
        view = newView;
        beatsAtView.clear();
        // What was answered before a split says nothing about the wire during it.
        probes.clear();
        standIn.viewChanged();
        lookAround.news();
    }

    /** A read failed, see {@link LeaseObserver#interrupted}. */
    public void interrupted() {
        observer.interrupted();
        lookAround.news();
    }

    /**
     * Whether the next read has to hold all rows. It has to for who judges them (a joiner, the coordinator, a member that
     * stands in for it), see {@link LookAround} for when else; for all others the coordinators are enough.
     */
    public boolean readsAll() {
        return !view.joined() || lookAround.due() || view.coordinator().equals(me.address()) || standIn.active();
    }

    /** All that is known of the table: the last complete read, and what later ones changed of it. */
    public Snapshot known() {
        return last;
    }

    /** A probe ended. */
    public void probed(LeaseRow row, ProbeVerdict verdict, long nowNs) {
        probes.answered(row, verdict, nowNs);
    }

    /** How many answers of {@link #probed} are waited for. */
    int questionsUnderWay() {
        return probes.pending();
    }

    /** How long it takes at least until another row runs out under our own eyes; the greatest value if none is there. */
    public long toNextExpiryMs() {
        return last.rows().values().stream()
                .filter(row -> !row.address().equals(me.address()) && !observer.expired(row))
                .mapToLong(row -> policy.leaseMsOf(row) - observer.unchangedMs(row) + 1)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Rows that ran out under our own eyes. */
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
        }
        lookAround.read(snapshot.complete(), nowNs);
        List<Chore> chores = new ArrayList<>();
        if (!view.joined()) {
            JoinStep step = joiner.plan(snapshot, chores);
            return new LeasePlan(asking(chores, nowNs), step, List.of(), false);
        }
        List<LeaseRow> others = otherCoordinators();
        List<LeaseRow> rivals = rivals(others);
        boolean coordinating = view.coordinator().equals(me.address());
        standIn.observe(view, last.rows().get(view.coordinator()), nowNs);
        if (snapshot.complete() && isSteward()) {
            tend(chores);
        }
        if (coordinating) {
            merge(rivals, chores);
        }
        return new LeasePlan(asking(chores, nowNs), null, rivals, coordinating && !others.isEmpty());
    }

    /**
     * A merge with somebody who cannot be reached blocks GMS for seconds, also when he can be reached again. So he is asked over
     * the wire first, where that is possible.
     */
    private void merge(List<LeaseRow> rivals, List<Chore> chores) {
        rivals.forEach(r -> chores.add(new Chore.Probe(r)));
        List<LeaseRow> reached = rivals.stream()
                .filter(r -> !canProbe || probes.verdict(r).kind() == ProbeVerdict.Kind.ALIVE)
                .toList();
        if (!reached.isEmpty()) {
            chores.add(new Chore.Merge(reached));
        }
    }

    /**
     * The steward renews and evicts for the view. It is the coordinator, or, while that does not reach the table, the first
     * member in view order that does.
     */
    private boolean isSteward() {
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

    private void tend(List<Chore> chores) {
        for (LeaseRow row : last.rows().values()) {
            if (row.address().equals(me.address())) {
                continue;
            }
            if (view.members().contains(row.address())) {
                if (observer.unchangedMs(row) > policy.overdueMs(row)) {
                    chores.add(new Chore.Renew(row));
                }
                continue;
            }
            Coroner.Verdict verdict = coroner.judge(row, me);
            if (verdict.finding() == Standing.DEAD) {
                chores.add(new Chore.Evict(row, verdict.why()));
            } else if (canProbe && observer.unchangedMs(row) > policy.certainBeatMs(row)) {
                chores.add(new Chore.Probe(row));
            }
        }
    }

    private List<LeaseRow> otherCoordinators() {
        return last.rows().values().stream()
                .filter(r -> r.coordinator()
                        && !view.members().contains(r.address())
                        && !r.viewId().equals(view.id()))
                .toList();
    }

    /**
     * Coordinators of other views that were seen to beat since our view was installed. The condition keeps out a coordinator
     * that has just left or died, whose row still carries the flag.
     */
    private List<LeaseRow> rivals(List<LeaseRow> others) {
        others.forEach(r -> beatsAtView.putIfAbsent(r.address(), r.beat()));
        return others.stream()
                .filter(r -> observer.beating(r) && beatsAtView.get(r.address()) != r.beat())
                .toList();
    }

    /**
     * Drops the questions that are not due, notes the others. What needs the table comes last: if that fails, the rest of the
     * chores is not done, and a question that was noted and never asked would be waited for until the next view.
     */
    private List<Chore> asking(List<Chore> chores, long nowNs) {
        List<Chore> wire = new ArrayList<>(chores.size());
        List<Chore> table = new ArrayList<>(chores.size());
        for (Chore chore : chores) {
            if (chore instanceof Chore.Probe probe) {
                if (!canProbe || !probes.due(probe.row(), nowNs)) {
                    continue;
                }
                probes.asked(probe.row(), nowNs);
            }
            (chore instanceof Chore.Evict || chore instanceof Chore.Renew ? table : wire).add(chore);
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
