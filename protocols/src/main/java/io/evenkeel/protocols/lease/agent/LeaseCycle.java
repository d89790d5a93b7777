package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Chore;
import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseKeeper;
import io.evenkeel.protocols.lease.LeasePlan;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.ViewInfo;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;

/**
 * The duty cycle of the agent: beat if it is time, read, do what the keeper says, take the next step of a join.
 *
 * <p>Everything here runs on the agent's thread, apart from the getters of the two published values.
 */
final class LeaseCycle {
    private static final long JOIN_POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long IDLE_NS = TimeUnit.HOURS.toNanos(1);

    private final LeasePolicy policy;
    private final LeaseHost host;
    private final LeaseStats stats;
    private final Log log;
    private final ChoreRunner chores;
    private final JoinDesk desk;

    private LeaseIdentity me;
    private LeaseKeeper keeper;
    private ViewInfo pendingView = ViewInfo.NONE;
    private boolean serving;
    private boolean leaving;
    private boolean left;
    private boolean entered;
    private boolean beatNow;
    private boolean readNow;
    private long nextBeatNs;
    private long nextReadNs;

    private ViewInfo view = ViewInfo.NONE;
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private volatile List<LeaseRow> rivals = List.of();

    LeaseCycle(LeasePolicy policy, LeaseHost host, LeaseStats stats, Log log, JoinDesk desk, ChoreRunner chores) {
        this.policy = policy;
        this.host = host;
        this.stats = stats;
        this.log = log;
        this.desk = desk;
        this.chores = chores;
    }

    void connect(LeaseIdentity identity) {
        me = identity;
        keeper = new LeaseKeeper(policy, identity, host.canProbe());
        beatNow = true;
    }

    void join(CompletableFuture<JoinStep> request) {
        desk.open(me, request);
        readNow = true;
    }

    void viewChanged(ViewInfo newView) {
        pendingView = newView;
        showView();
    }

    void serve() {
        serving = true;
        showView();
    }

    private void showView() {
        if (serving) {
            view = pendingView;
            keeper.viewChanged(view);
            beatNow = true;
        }
    }

    void leave() {
        leaving = true;
    }

    void beatNow() {
        beatNow = true;
    }

    void readNow() {
        readNow = true;
    }

    /** A failed operation; everything that was due stays due. */
    void interrupted() {
        if (keeper != null) {
            keeper.interrupted();
        }
    }

    /** Whether the row is gone, or never was. */
    boolean hasLeft() {
        return left;
    }

    /** One round; returns how long to wait for the next. */
    long run(LeaseTable table, long nowNs) throws LeaseTableException {
        if (leaving && !left) {
            if (me != null) {
                table.leave(me);
            }
            left = true;
        }
        if (me == null || left) {
            return IDLE_NS;
        }
        if (beatNow || nowNs - nextBeatNs >= 0) {
            beat(table, nowNs);
        }
        if (readNow || nowNs - nextReadNs >= 0) {
            read(table);
        }
        return Math.max(0, Math.min(nextBeatNs, nextReadNs) - System.nanoTime());
    }

    private void beat(LeaseTable table, long nowNs) throws LeaseTableException {
        LeaseRow own = ownRow();
        long sentNs = System.nanoTime();
        if (!entered || !table.beat(own)) {
            if (entered) {
                stats.reentries.incrementAndGet();
                log.warn(
                        "our row was evicted from the lease table by another member although we live; entering it again."
                                + " Look for long pauses of this process, or of its connection to the database");
            }
            table.enter(own);
            entered = true;
        }
        stats.beats.incrementAndGet();
        stats.beatSentNs = sentNs;
        stats.beatLatencyNs = System.nanoTime() - sentNs;
        beatNow = false;
        readNow = true;
        nextBeatNs = nowNs + policy.nextBeatNs(ThreadLocalRandom.current().nextDouble());
        log.debug("beat %d of %s in %d us", stats.beats.get(), own.label(), stats.beatLatencyNs / 1000);
    }

    private LeaseRow ownRow() {
        LeaseRow seen = snapshot.of(me);
        // Where the beat starts if the row has to be entered again: above every beat that anybody has watched.
        long beat = Math.max(stats.beats.get(), seen == null ? 0 : seen.beat()) + 1;
        boolean coordinator = view.coordinator().equals(me.address());
        return new LeaseRow(
                me, coordinator, view.id(), view.members().size(), beat, 0, policy.leaseTtlMs(), LeaseRow.FORMAT);
    }

    private void read(LeaseTable table) throws LeaseTableException {
        readNow = false;
        Snapshot now = table.read(me.cluster());
        LeasePlan plan = keeper.plan(now, System.nanoTime());
        snapshot = now;
        rivals = plan.rivals();
        stats.expiredRows = keeper.expired().size();
        host.seen(now);
        beatNow |= entered && now.of(me) == null;
        boolean changed = false;
        for (Chore chore : plan.chores()) {
            changed |= chores.perform(table, keeper, chore, now);
        }
        // A founding, won or lost, changes the table.
        readNow = desk.searching() && plan.step() instanceof JoinStep.TryToFound;
        boolean joining = plan.step() != null && desk.step(table, plan.step(), changed);
        beatNow |= desk.leaseRanOut();
        nextReadNs = joining ? System.nanoTime() + (changed ? 0 : JOIN_POLL_NS) : nextBeatNs;
    }

    String dump() {
        return keeper == null ? "not connected" : keeper.dump();
    }

    Snapshot snapshot() {
        return snapshot;
    }

    List<LeaseRow> rivals() {
        return rivals;
    }
}
