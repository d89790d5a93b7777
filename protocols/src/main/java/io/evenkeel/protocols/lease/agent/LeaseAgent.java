package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Chore;
import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseKeeper;
import io.evenkeel.protocols.lease.LeasePlan;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableSource;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.ViewInfo;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;

/**
 * The one thread that talks to the table of leases: beats, reads, asks the {@link LeaseKeeper} and does what it says.
 *
 * <p>All public methods return at once and may be called from any thread; only {@link #stop} waits, for as long as it is
 * told. What the agent knows is published in immutable values. It survives every failure of the database; a lease counts
 * from when its beat was sent.
 */
public final class LeaseAgent {
    private static final long JOIN_POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LeasePolicy policy;
    private final LeaseHost host;
    private final Log log;
    private final LeaseSession session;
    private final LeaseStats stats = new LeaseStats();
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private final Thread thread;

    // Written and read by the agent's thread alone.
    private LeaseKeeper keeper;
    private CompletableFuture<JoinStep> ticket;
    private ViewInfo pendingView = ViewInfo.NONE;
    private boolean serving;
    private boolean leaving;
    private boolean entered;
    private boolean beatNow;
    private boolean readNow;
    private long nextBeatNs;
    private long nextReadNs;

    private volatile boolean stopping;
    private volatile LeaseIdentity identity;
    private volatile ViewInfo view = ViewInfo.NONE;
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private volatile List<LeaseRow> rivals = List.of();
    private volatile List<String> diary = List.of();

    /**
     * Does nothing before {@link #start}.
     *
     * @param name of the thread
     */
    public LeaseAgent(LeasePolicy policy, LeaseTableSource source, LeaseHost host, Log log, String name) {
        this.policy = policy;
        this.host = host;
        this.log = log;
        session = new LeaseSession(source, policy.heartbeatIntervalMs(), log);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts the thread.
     *
     * @return completes when the table was opened or could not be reached, exceptionally with a {@link LeaseTableException}
     *     if it never will be without somebody changing something
     */
    public CompletableFuture<Void> start() {
        thread.start();
        return firstAttempt;
    }

    /** From now on this member beats. */
    public void connect(LeaseIdentity me) {
        identity = me;
        tell(() -> {
            keeper = new LeaseKeeper(policy, me, host.canProbe());
            beatNow = true;
        });
    }

    /**
     * Looks for somebody to join, or founds.
     *
     * @return completes with {@link JoinStep.Join} or {@link JoinStep.Found}, exceptionally if that will never happen
     */
    public CompletableFuture<JoinStep> join() {
        CompletableFuture<JoinStep> request = new CompletableFuture<>();
        tell(() -> {
            ticket = request;
            readNow = true;
        });
        return request;
    }

    /** A view was installed. */
    public void viewChanged(ViewInfo newView) {
        tell(() -> {
            pendingView = newView;
            showView();
        });
    }

    /** This member serves its view from now on. A coordinator that says so earlier would be sent JOINs it cannot answer. */
    public void serving() {
        tell(() -> {
            serving = true;
            showView();
        });
    }

    /** Beats and reads as soon as possible. */
    public void beatNow() {
        tell(() -> beatNow = true);
    }

    /** Reads as soon as possible, and so evicts what has expired. */
    public void readNow() {
        tell(() -> readNow = true);
    }

    /** Deletes the row as soon as possible, and never beats again. */
    public void leave() {
        tell(() -> leaving = true);
    }

    /** Leaves, and ends the thread. Waits for the row's deletion up to the bound, not at all if the database is down. */
    public void stop(long timeoutMs) {
        leave();
        try {
            if (identity != null && session.up() && !left.await(timeoutMs, TimeUnit.MILLISECONDS)) {
                log.warn(
                        "could not delete our lease within %d ms; it runs out by itself in %d ms",
                        timeoutMs, policy.leaseTtlMs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stopping = true;
        tell(() -> {});
    }

    private void tell(Runnable task) {
        inbox.add(task);
    }

    private void run() {
        while (!stopping) {
            long waitNs;
            try {
                waitNs = cycle(System.nanoTime());
            } catch (LeaseTableException e) {
                waitNs = failed(e);
            } catch (RuntimeException e) {
                log.error("lease agent: unexpected failure, going on", e);
                waitNs = TimeUnit.SECONDS.toNanos(1);
            }
            takeTasks(waitNs);
        }
        if (ticket != null) {
            ticket.completeExceptionally(new IllegalStateException("stopped while looking for a cluster"));
        }
        session.shutdown();
    }

    private void takeTasks(long waitNs) {
        try {
            Runnable task = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
            while (task != null) {
                task.run();
                task = inbox.poll();
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private long failed(LeaseTableException e) {
        long nowNs = System.nanoTime();
        stats.databaseErrors.incrementAndGet();
        session.failed(e, nowNs);
        if (keeper != null) {
            keeper.interrupted();
        }
        diary = List.of("the lease table does not answer: " + e.getMessage());
        if (e.misconfigured() && !session.everOpened()) {
            firstAttempt.completeExceptionally(e);
            if (ticket != null) {
                ticket.completeExceptionally(e);
            }
        }
        firstAttempt.complete(null);
        return session.delayNs(nowNs);
    }

    /** One round; returns how long to wait for the next. */
    private long cycle(long nowNs) throws LeaseTableException {
        LeaseTable table = session.table(nowNs);
        if (table == null) {
            return session.delayNs(nowNs);
        }
        session.worked();
        firstAttempt.complete(null);
        if (keeper == null || left.getCount() == 0) {
            left(leaving && keeper == null);
            return TimeUnit.HOURS.toNanos(1);
        }
        if (leaving) {
            table.leave(identity);
            left(true);
            return 0;
        }
        if (beatNow || nowNs - nextBeatNs >= 0) {
            beat(table, nowNs);
        }
        if (readNow || nowNs - nextReadNs >= 0) {
            read(table);
        }
        return Math.max(0, Math.min(nextBeatNs, nextReadNs) - System.nanoTime());
    }

    private void left(boolean done) {
        if (done) {
            left.countDown();
        }
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
        LeaseIdentity me = identity;
        LeaseRow seen = snapshot.of(me);
        long beat = Math.max(stats.beats.get(), seen == null ? 0 : seen.beat()) + 1;
        boolean coordinator = view.coordinator().equals(me.address());
        return new LeaseRow(
                me, coordinator, view.id(), view.members().size(), beat, 0, policy.leaseTtlMs(), LeaseRow.FORMAT);
    }

    private void read(LeaseTable table) throws LeaseTableException {
        readNow = false;
        Snapshot now = table.read(identity.cluster());
        LeasePlan plan = keeper.plan(now, System.nanoTime());
        snapshot = now;
        rivals = plan.rivals();
        stats.expiredRows = keeper.expired().size();
        host.seen(now);
        if (entered && now.of(identity) == null) {
            beatNow = true;
        }
        boolean changed = false;
        for (Chore chore : plan.chores()) {
            changed |= perform(table, chore);
        }
        boolean joining = ticket != null && !view.joined() && step(table, plan.step(), changed);
        nextReadNs = joining ? System.nanoTime() + (changed ? 0 : JOIN_POLL_NS) : nextBeatNs;
    }

    /** Returns whether the table should be read again at once. */
    private boolean perform(LeaseTable table, Chore chore) throws LeaseTableException {
        if (chore instanceof Chore.Evict evict) {
            return evict(table, evict);
        } else if (chore instanceof Chore.Renew renew) {
            if (table.renew(renew.row())) {
                stats.renewals.incrementAndGet();
                log.debug(
                        "renewed the lease of %s, which is in our view but does not beat",
                        renew.row().label());
            }
        } else if (chore instanceof Chore.Probe probe) {
            LeaseKeeper asker = keeper;
            host.probe(
                    probe.row(),
                    verdict -> tell(() -> {
                        asker.probed(probe.row(), verdict, System.nanoTime());
                        readNow = true;
                    }));
        } else if (chore instanceof Chore.Merge merge) {
            stats.merges.incrementAndGet();
            host.merge(merge.rivals(), snapshot);
        }
        return false;
    }

    private boolean evict(LeaseTable table, Chore.Evict evict) throws LeaseTableException {
        if (table.evict(evict.row())) {
            stats.evictions.incrementAndGet();
            log.info("evicted the row of %s: %s", evict.row().label(), evict.reason());
        } else {
            stats.refusedEvictions.incrementAndGet();
            log.info(
                    "did not evict the row of %s: it has just beaten",
                    evict.row().label());
        }
        return true;
    }

    /** Returns whether the search goes on. */
    private boolean step(LeaseTable table, JoinStep step, boolean changed) throws LeaseTableException {
        if (step instanceof JoinStep.Wait wait) {
            diary = wait.diary();
            return true;
        }
        boolean leased = System.nanoTime() - stats.beatSentNs < TimeUnit.MILLISECONDS.toNanos(policy.leaseTtlMs());
        JoinStep outcome = step;
        if (!(step instanceof JoinStep.Join) && (!leased || changed)) {
            beatNow = !leased;
            return true;
        }
        if (step instanceof JoinStep.TryToFound attempt) {
            if (!table.found(attempt.expectedEpoch(), identity)) {
                readNow = true;
                return true;
            }
            outcome = new JoinStep.Found(attempt.expectedEpoch() + 1);
        }
        ticket.complete(outcome);
        ticket = null;
        return false;
    }

    private void showView() {
        if (serving && keeper != null) {
            view = pendingView;
            keeper.viewChanged(view);
            beatNow = true;
        }
    }

    /** By the last snapshot that could be read; never waits for the database. */
    public LeaseHealth health() {
        return LeaseHealth.of(view, rivals);
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public LeaseStats stats() {
        return stats;
    }

    public boolean databaseUp() {
        return session.up();
    }

    /** Why there is no cluster to join yet, one entry a candidate. */
    public List<String> diary() {
        return session.up() ? diary : List.of("the lease table does not answer: " + session.trouble());
    }

    /** The table as last read, for people. */
    public CompletableFuture<String> dump() {
        CompletableFuture<String> text = new CompletableFuture<>();
        tell(() -> text.complete(keeper == null ? "not connected" : keeper.dump()));
        return text;
    }
}
