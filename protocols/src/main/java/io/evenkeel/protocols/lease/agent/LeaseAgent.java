package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePlanner;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableSource;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.StockCluster;
import io.evenkeel.protocols.lease.StockRow;
import io.evenkeel.protocols.lease.ViewInfo;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.log.LimitedLog;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jgroups.logging.Log;

/**
 * The one thread that talks to the table of leases: beats, reads, asks the {@link LeasePlanner} and does what it says.
 *
 * <p>All public methods return at once and may be called from any thread; only {@link #stop} waits, for as long as it
 * is told. The agent's knowledge is published in immutable values. It survives every failure of the database; a lease
 * counts from when its beat was sent.
 */
public final class LeaseAgent {
    private final LeasePolicy policy;
    private final Log log;
    private final LimitedLog repeated;
    private final LeaseSession session;
    private final LeaseStats stats = new LeaseStats();
    private final JoinRequest joinRequest;
    private final AttestationRequests attestations = new AttestationRequests();
    private final PauseDetector pauses;
    private final StockWatch stock;
    private final LeaseCycle cycle;
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean over;
    private volatile ViewInfo view = ViewInfo.NONE;

    /**
     * Does nothing before {@link #start}.
     *
     * @param name of the thread
     */
    public LeaseAgent(
            LeasePolicy policy,
            StockCluster stockCluster,
            LeaseTableSource source,
            LeaseHost host,
            Log log,
            String name) {
        this.policy = policy;
        this.log = log;
        repeated = new LimitedLog(log);
        session = new LeaseSession(
                source,
                policy.heartbeatIntervalMs(),
                () -> ThreadLocalRandom.current().nextDouble(),
                log);
        joinRequest = new JoinRequest(policy, stats);
        pauses = new PauseDetector(policy.leaseTtlMs());
        stock = new StockWatch(stockCluster, stats, log);
        cycle = new LeaseCycle(
                policy,
                host,
                stats,
                log,
                joinRequest,
                attestations,
                new LeaseActionRunner(host, stats, log, this::answered),
                stock);
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Starts the thread.
     *
     * @return completes when the table was opened or could not be reached, exceptionally with a
     *     {@link LeaseTableException} if it never will be without a change by an operator
     */
    public CompletableFuture<Void> start() {
        thread.start();
        return firstAttempt;
    }

    /** From now on this member beats. */
    public void connect(LeaseIdentity me) {
        tell(() -> cycle.connect(me));
    }

    /**
     * Looks for a coordinator to join, or founds.
     *
     * @return completes with {@link JoinStep.Join} or {@link JoinStep.Found}, exceptionally if that will never happen
     */
    public CompletableFuture<JoinStep> join() {
        CompletableFuture<JoinStep> request = new CompletableFuture<>();
        tell(() -> cycle.join(request));
        if (over) {
            request.completeExceptionally(stopped());
        }
        return request;
    }

    /** A view was installed. */
    public void viewChanged(ViewInfo newView) {
        view = newView;
        tell(() -> cycle.viewChanged(newView));
    }

    /**
     * This member serves its view from now on. A coordinator that says so earlier would be sent JOINs it cannot answer.
     */
    public void serving() {
        tell(cycle::serve);
    }

    /** Beats and reads as soon as possible. */
    public void beatNow() {
        tell(cycle::beatNow);
    }

    /** Reads as soon as possible, and so evicts what has expired. */
    public void readNow() {
        tell(cycle::readNow);
    }

    /** Deletes the row as soon as possible, and never beats again. */
    public void leave() {
        tell(cycle::leave);
    }

    /**
     * Leaves, and ends the thread. Waits for the row's deletion up to the bound, not at all if the database is down.
     */
    public void stop(long timeoutMs) {
        leave();
        try {
            if (session.everOpened() && !(session.up() && left.await(timeoutMs, TimeUnit.MILLISECONDS))) {
                DiscoveryMessages.ROW_NOT_DELETED.to(
                        log,
                        session.up() ? "no answer within " + timeoutMs + " ms" : session.failure(),
                        policy.leaseTtlMs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stopping = true;
        tell(() -> {});
    }

    /**
     * Says whether a member's row is in the table that this agent reads.
     *
     * @param answer called on the agent's thread, once; not at all if too many ask, or after {@link #leave}
     */
    public void attest(String address, long incarnation, Consumer<Attestation.Kind> answer) {
        if (attestations.ask(address, incarnation, answer)) {
            tell(() -> {});
        }
    }

    /** The process runs. To be called about once a second by a timer, see {@link PauseDetector}. */
    public void tick() {
        if (pauses.tick(System.nanoTime())) {
            DiscoveryMessages.PROCESS_STOOD_STILL.to(log);
            readNow();
        }
    }

    private void tell(Runnable task) {
        inbox.add(task);
    }

    private void answered(LeasePlanner asker, LeaseRow row, ProbeVerdict verdict) {
        tell(() -> {
            asker.probed(row, verdict, System.nanoTime());
            cycle.readNow();
        });
    }

    private void run() {
        try {
            while (!stopping) {
                takeTasks(nextRound());
            }
        } finally {
            over = true;
            // A search that was asked for last, and that nobody would answer.
            takeTasks(0);
            joinRequest.fail(stopped());
            session.shutdown();
        }
    }

    private static IllegalStateException stopped() {
        return new IllegalStateException("stopped while looking for a cluster");
    }

    /** Whatever a driver throws, also an Error: a member that stops beating is taken for dead. */
    private long nextRound() {
        try {
            return round(System.nanoTime());
        } catch (LeaseTableException e) {
            return failed(e);
        } catch (Throwable e) {
            if (session.up() || !session.everFailed()) {
                DiscoveryMessages.AGENT_FAILED.withTraceTo(log, e, e);
            }
            return failed(new LeaseTableException("unexpected failure: " + e, false, e));
        }
    }

    private long round(long nowNs) throws LeaseTableException {
        LeaseTable table = session.table(nowNs);
        if (table == null) {
            cycle.unreadable();
            return session.delayNs(nowNs);
        }
        long waitNs = cycle.run(table, nowNs);
        session.worked(System.nanoTime());
        Snapshot known = cycle.snapshot();
        if (known.complete()) {
            pauses.verified(known.sentNs());
        }
        firstAttempt.complete(null);
        if (cycle.hasLeft()) {
            left.countDown();
        }
        return waitNs;
    }

    private void takeTasks(long waitNs) {
        try {
            Runnable task = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
            while (task != null) {
                runTask(task);
                task = inbox.poll();
            }
        } catch (InterruptedException e) {
            DiscoveryMessages.AGENT_INTERRUPTED.to(log);
            stopping = true;
        }
    }

    private void runTask(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            repeated.writeWithTrace("task", e, DiscoveryMessages.AGENT_FAILED, e);
        }
    }

    private long failed(LeaseTableException e) {
        long nowNs = System.nanoTime();
        stats.databaseErrors.incrementAndGet();
        session.failed(e, nowNs);
        cycle.interrupted();
        if (e.misconfigured() && !session.everOpened()) {
            firstAttempt.completeExceptionally(e);
        }
        if (e.misconfigured() && !cycle.entered()) {
            // It never was in the table, and never will be: the start ends.
            joinRequest.fail(e);
        }
        firstAttempt.complete(null);
        return session.delayNs(nowNs);
    }

    /** By the last snapshot that could be read; never waits for the database. */
    public LeaseHealth health() {
        LeaseHealth ours =
                LeaseHealth.afterStop(pauses.unverifiedMs(System.nanoTime()), LeaseHealth.of(view, cycle.split()));
        return ours instanceof LeaseHealth.Unhealthy ? ours : stock.health().orElse(ours);
    }

    /** Members of a stock jdbc-ping cluster on the same database, as last seen. */
    public List<StockRow> stockMembers() {
        return stock.members();
    }

    public Snapshot snapshot() {
        return cycle.snapshot();
    }

    /** Addresses of members that are known to use this table; a row alone may be a copy of another table's. */
    public Set<String> proven() {
        return cycle.proven();
    }

    public LeaseStats stats() {
        return stats;
    }

    public boolean databaseUp() {
        return session.up();
    }

    /** The reasons why there is no cluster to join yet, one entry a candidate. */
    public List<String> joinReport() {
        return session.up()
                ? joinRequest.joinReport()
                : List.of("the lease table does not answer: " + session.failure());
    }

    /**
     * The table as last read, for people, with how long each row was watched.
     *
     * @return completes once the agent does not wait for the database
     */
    public CompletableFuture<String> dump() {
        CompletableFuture<String> text = new CompletableFuture<>();
        tell(() -> text.complete(cycle.dump()));
        return text;
    }
}
