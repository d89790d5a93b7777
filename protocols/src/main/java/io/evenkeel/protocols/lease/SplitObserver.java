package io.evenkeel.protocols.lease;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds live coordinators of other views in the table and counts the members of each side.
 *
 * <p>A coordinator counts as another side once it has beaten since our view was installed: one that has just left or
 * died still has the flag in its row, and one that is about to be in our view, or we in its, stands there for a moment.
 * A member that has not read for half a lease, because it was stopped, does not wait for that: the others have gone on
 * without it, in a view that it never was in. A row that bears a view which it has left may be a dead member's, and no
 * read came because the database was away.
 *
 * <p>A member of our view that coordinates another one has to beat more often, unless that view is a later one: it may
 * be about to install ours. If it goes on beating, it has suspected the others, who have kept it in their next view.
 *
 * <p>Single writer, not thread-safe.
 */
final class SplitObserver {
    /** Beats after which a member of our view that coordinates another one is not about to install ours. */
    private static final int CERTAIN_BEATS = 3;

    private final LeasePolicy policy;
    private final LeaseIdentity me;
    private final LeaseObserver observer;

    /** Of other coordinators since our view was installed. */
    private final Map<String, Beats> beats = new HashMap<>();

    /** Ids of views that we have left and that rows still bear. */
    private final Set<String> leftViews = new HashSet<>();

    private ViewInfo view = ViewInfo.NONE;
    private boolean othersPresent;
    private boolean read;
    private long readNs;
    private Split split = Split.NONE;

    SplitObserver(LeasePolicy policy, LeaseIdentity me, LeaseObserver observer) {
        this.policy = policy;
        this.me = me;
        this.observer = observer;
    }

    /** The beat that was read last, and how often it was another one than at the read before. */
    private record Beats(long last, int changes) {
        Beats next(long beat) {
            return new Beats(beat, beat == last ? changes : changes + 1);
        }
    }

    void viewChanged(ViewInfo newView) {
        leftViews.add(view.id());
        view = newView;
        beats.clear();
        othersPresent = false;
    }

    /**
     * True if another coordinator stands in the table, alive or not. The members of its view have to be counted then.
     */
    boolean othersPresent() {
        return othersPresent;
    }

    /** The last count. */
    Split split() {
        return split;
    }

    /**
     * Counts after a read.
     *
     * @param known all that is known of the table
     * @param complete whether the read held all rows; members can be counted only then
     * @param elsewhere rows of processes that use another table
     */
    void observe(Snapshot known, boolean complete, Predicate<LeaseRow> elsewhere, long nowNs) {
        boolean wasStopped = read && nowNs - readNs > TimeUnit.MILLISECONDS.toNanos(policy.maxReadGapMs());
        List<LeaseRow> others = known.rows().values().stream()
                .filter(row -> isOther(row) && !elsewhere.test(row))
                .toList();
        othersPresent = !others.isEmpty();
        others.forEach(row ->
                beats.merge(row.address(), new Beats(row.beat(), 0), (before, first) -> before.next(row.beat())));
        if (!complete && othersPresent) {
            // Only the rows of coordinators that are known already may have gone.
            split = new Split(
                    split.viewId(),
                    split.ownMembers(),
                    split.otherSides().stream()
                            .filter(side -> others.stream().anyMatch(row -> row.who()
                                    .equals(side.coordinator().who())))
                            .toList());
            return;
        }
        read = true;
        // Not when it came: a read may have been under way all the time that this process was stopped.
        readNs = known.sentNs();
        List<Split.Side> otherSides = others.stream()
                .filter(row -> mayBeAboutToFollow(row)
                        ? beatsSinceView(row, CERTAIN_BEATS)
                        : beatsSinceView(row, 1) || (wasStopped && hasGoneOn(row)) || isKnown(row))
                .filter(row -> !observer.expired(row))
                .map(row -> new Split.Side(row, members(known, row.address())))
                .toList();
        split = new Split(view.id(), members(known, view.coordinator()), otherSides);
        leftViews.retainAll(known.rows().values().stream().map(LeaseRow::viewId).collect(Collectors.toSet()));
    }

    private boolean isOther(LeaseRow row) {
        return row.coordinator()
                && !row.address().equals(me.address())
                && !row.viewId().equals(view.id());
    }

    /** A member of our view that has no later one: it installs ours, unless it has gone on alone. */
    private boolean mayBeAboutToFollow(LeaseRow row) {
        return view.members().contains(row.address()) && ViewInfo.number(row.viewId()) <= ViewInfo.number(view.id());
    }

    private boolean beatsSinceView(LeaseRow row, int least) {
        Beats seen = beats.get(row.address());
        return observer.beating(row) && seen != null && seen.changes() >= least;
    }

    /** After a stop every other coordinator that has beaten lately has gone on without us, in a view of its own. */
    private boolean hasGoneOn(LeaseRow row) {
        return row.ageMs() <= policy.leaseMsOf(row) && !leftViews.contains(row.viewId());
    }

    /** Another side stays one, also under a new view of ours, until its row runs out or it is in our view. */
    private boolean isKnown(LeaseRow row) {
        return split.coordinators().stream().anyMatch(known -> known.who().equals(row.who()));
    }

    /**
     * Counts rows by the creator of their view, as the rows of one view are written one after the other when it
     * changes.
     */
    private int members(Snapshot known, String coordinator) {
        return (int) known.rows().values().stream()
                .filter(row ->
                        coordinator.equals(row.address().equals(me.address()) ? view.coordinator() : row.viewCreator())
                                && !observer.expired(row))
                .count();
    }
}
