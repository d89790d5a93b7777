package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseAction;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePlan;
import io.evenkeel.protocols.lease.LeasePlanner;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseRowFactory;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.Split;
import io.evenkeel.protocols.lease.ViewInfo;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.log.LimitedLog;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;

/**
 * The duty cycle of the agent: beat if it is time, read, do what the planner says, take the next step of a join.
 *
 * <p>Everything here runs on the agent's thread, apart from the getters of the published values.
 */
final class LeaseCycle {
    private static final long JOIN_POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A member that has searched for so long waits for a lease to run out. */
    private static final long LONG_SEARCH_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long LONG_JOIN_POLL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long WATCHFUL_READ_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long ATTESTATION_NS = TimeUnit.MILLISECONDS.toNanos(AttestationRequests.READ_INTERVAL_MS);
    private static final long FOREIGN_COUNT_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long IDLE_NS = TimeUnit.HOURS.toNanos(1);

    private final LeasePolicy policy;
    private final LeaseHost host;
    private final LeaseStats stats;
    private final Log log;
    private final LimitedLog repeated;
    private final LeaseActionRunner actions;
    private final JoinRequest joinRequest;
    private final AttestationRequests attestations;
    private final StockWatch stock;

    @SuppressWarnings("NullAway.Init")
    private LeaseIdentity me;

    @SuppressWarnings("NullAway.Init")
    private LeasePlanner planner;

    @SuppressWarnings("NullAway.Init")
    private LeaseRowFactory rows;

    private ViewInfo pendingView = ViewInfo.NONE;
    private boolean serving;
    private boolean leaving;
    private boolean left;
    private boolean entered;
    private boolean beatNow;
    private boolean readNow;
    private boolean readAll;
    private long nextBeatNs;
    private long nextReadNs;
    private long nextAttestationNs;
    private long searchingSinceNs;
    private long nextForeignCountNs;
    private boolean interruptedBefore;
    private boolean foreignCounted;

    private ViewInfo view = ViewInfo.NONE;
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private volatile Split split = Split.NONE;
    private volatile Set<String> proven = Set.of();

    LeaseCycle(
            LeasePolicy policy,
            LeaseHost host,
            LeaseStats stats,
            Log log,
            JoinRequest joinRequest,
            AttestationRequests attestations,
            LeaseActionRunner actions,
            StockWatch stock) {
        this.policy = policy;
        this.host = host;
        this.stats = stats;
        this.log = log;
        repeated = new LimitedLog(log);
        this.joinRequest = joinRequest;
        this.attestations = attestations;
        this.actions = actions;
        this.stock = stock;
    }

    void connect(LeaseIdentity identity) {
        me = identity;
        planner = new LeasePlanner(policy, identity, host.canProbe());
        rows = new LeaseRowFactory(identity, policy.leaseTtlMs());
        if (interruptedBefore) {
            planner.interrupted();
        }
        stock.connect(identity);
        beatNow = true;
    }

    void join(CompletableFuture<JoinStep> request) {
        joinRequest.open(me, request);
        searchingSinceNs = System.nanoTime();
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
            planner.viewChanged(view);
            beatNow = true;
        }
    }

    void leave() {
        leaving = true;
    }

    void beatNow() {
        beatNow = true;
    }

    /** Reads all rows. */
    void readNow() {
        readNow = true;
        readAll = true;
    }

    /** A failed operation; everything that was due stays due. */
    void interrupted() {
        unreadable();
        if (planner == null) {
            interruptedBefore = true;
        } else {
            planner.interrupted();
        }
    }

    /** The table is away. */
    void unreadable() {
        attestations.unreadable();
    }

    /** True if our row has been in the table since the connect. */
    boolean entered() {
        return entered;
    }

    /** True if the row is gone, or never was. */
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
        if (readNow || nowNs - nextReadNs >= 0 || (attestations.waiting() && nowNs - nextAttestationNs >= 0)) {
            read(table);
        }
        stock.run(table, System.nanoTime());
        long nextNs = earlier(stock.nextReadNs(), earlier(nextBeatNs, nextReadNs));
        return Math.max(0, (attestations.waiting() ? earlier(nextNs, nextAttestationNs) : nextNs) - System.nanoTime());
    }

    private static long earlier(long oneNs, long otherNs) {
        return oneNs - otherNs < 0 ? oneNs : otherNs;
    }

    private void beat(LeaseTable table, long nowNs) throws LeaseTableException {
        LeaseRow own = rows.beat(view);
        long sentNs = System.nanoTime();
        if (!entered || !table.beat(own)) {
            if (entered) {
                stats.reentries.incrementAndGet();
                String why = gone(table);
                repeated.write(why, DiscoveryMessages.ROW_GONE, why);
            }
            table.enter(rows.entry(view));
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

    /** The last founding goes with the table, or goes back with a backup; an eviction leaves it. */
    private String gone(LeaseTable table) throws LeaseTableException {
        long epoch = table.read(me.cluster()).founder().epoch();
        if (epoch >= snapshot.founder().epoch()) {
            return "Another member has evicted it: look for long pauses of this process, or of its connection to the"
                    + " database";
        }
        return epoch == 0
                ? "The table was emptied, or dropped and created anew"
                : "An older state of the table was restored";
    }

    private void read(LeaseTable table) throws LeaseTableException {
        boolean all = readAll || attestations.waiting() || planner.readsAll();
        attestations.take();
        nextAttestationNs = System.nanoTime() + ATTESTATION_NS;
        Snapshot read = all ? table.read(me.cluster()) : table.readCoordinators(me.cluster(), view.coordinator());
        attestations.answer(read);
        readNow = false;
        readAll = false;
        stats.rowsRead.addAndGet(read.rows().size());
        LeasePlan plan = planner.plan(read, System.nanoTime());
        snapshot = planner.known();
        split = plan.split();
        proven = planner.proven();
        host.seen(snapshot);
        if (all) {
            stats.fullReads.incrementAndGet();
            stats.expiredRows = planner.expired().size();
            if (entered && read.of(me) == null) {
                // Not at once: re-inserts are rate-limited, in case the row is deleted again and again.
                long soonNs = stats.beatSentNs + WATCHFUL_READ_NS;
                nextBeatNs = earlier(nextBeatNs, soonNs);
            }
        }
        boolean changed = false;
        for (LeaseAction action : plan.actions()) {
            changed |= actions.perform(table, planner, action, snapshot);
        }
        // A founding, won or lost, changes the table.
        readNow = joinRequest.searching() && plan.step() instanceof JoinStep.TryToFound;
        boolean joining = plan.step() != null && joinRequest.step(table, plan.step(), changed);
        beatNow |= joinRequest.leaseRanOut();
        nextReadNs = joining
                ? System.nanoTime() + (changed ? 0 : joinPollNs())
                : plan.watchful() ? System.nanoTime() + WATCHFUL_READ_NS : nextBeatNs;
        countForeign(table);
    }

    private long joinPollNs() {
        long pollNs = System.nanoTime() - searchingSinceNs < LONG_SEARCH_NS ? JOIN_POLL_NS : LONG_JOIN_POLL_NS;
        return Math.min(pollNs, TimeUnit.MILLISECONDS.toNanos(planner.toNextExpiryMs()));
    }

    /** Only for people, so seldom, never on the way to a view, and a failure is for the next beat to find. */
    private void countForeign(LeaseTable table) {
        long nowNs = System.nanoTime();
        boolean coordinator = view.coordinator().equals(me.address());
        if (coordinator && (!foreignCounted || nowNs - nextForeignCountNs >= 0)) {
            nextForeignCountNs = nowNs + FOREIGN_COUNT_NS;
            foreignCounted = true;
            try {
                stats.foreignRows = table.countForeign(me.cluster());
            } catch (LeaseTableException e) {
                stats.databaseErrors.incrementAndGet();
                log.debug("the rows of other clusters are not counted: %s", e.getMessage());
            }
        }
    }

    String dump() {
        return planner == null ? "not connected" : planner.dump();
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Split split() {
        return split;
    }

    /** Addresses of members that are known to use this table. */
    Set<String> proven() {
        return proven;
    }
}
