package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.StockCluster;
import io.evenkeel.protocols.lease.StockObserver;
import io.evenkeel.protocols.lease.StockRow;
import io.evenkeel.protocols.log.DiscoveryMessages;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jgroups.logging.Log;

/**
 * Looks every 10 s for members of a stock jdbc-ping cluster on the same database, and says every minute that they are
 * there. Such a cluster and ours do not invalidate each other's caches. Members that are to be joined are of this one,
 * and are not looked for.
 *
 * <p>A read that fails changes nothing: neither the verdict, so that an outage of the database never does, nor the
 * session.
 *
 * <p>Used by the agent's thread; {@link #members} and {@link #health} by any.
 */
final class StockWatch {
    private static final long READ_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long WARN_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_NAMES = 10;

    private final StockCluster policy;
    private final LeaseStats stats;
    private final Log log;

    @SuppressWarnings("NullAway.Init")
    private StockObserver observer;

    @SuppressWarnings("NullAway.Init")
    private String cluster;

    private boolean readBefore;
    private boolean warnedUnreadable;
    private long nextReadNs;
    private long nextWarnNs;
    private volatile List<StockRow> members = List.of();

    StockWatch(StockCluster policy, LeaseStats stats, Log log) {
        this.policy = policy;
        this.stats = stats;
        this.log = log;
    }

    void connect(LeaseIdentity me) {
        cluster = me.cluster();
        observer = new StockObserver(me.physicalAddress());
        readBefore = false;
    }

    /** Reads if it is time. */
    void run(LeaseTable table, long nowNs) {
        if (readBefore && nowNs - nextReadNs < 0) {
            return;
        }
        readBefore = true;
        nextReadNs = nowNs + READ_INTERVAL_NS;
        if (policy == StockCluster.JOIN) {
            return;
        }
        try {
            List<StockRow> running = observer.observe(table.readStock(cluster), nowNs);
            show(running.isEmpty() ? running : withoutLease(running, table), nowNs);
        } catch (LeaseTableException e) {
            stats.databaseErrors.incrementAndGet();
            if (e.misconfigured() && !warnedUnreadable) {
                warnedUnreadable = true;
                DiscoveryMessages.STOCK_UNREADABLE.to(log, e.getMessage());
            } else {
                log.debug("the table of jdbc-ping is not read: %s", e.getMessage());
            }
        }
    }

    /** A member that looks for others in both tables has a row in both. */
    private List<StockRow> withoutLease(List<StockRow> running, LeaseTable table) throws LeaseTableException {
        Set<String> leased = table.read(cluster).rows().values().stream()
                .map(row -> row.who().physicalAddress())
                .collect(Collectors.toSet());
        return running.stream()
                .filter(row -> !leased.contains(row.physicalAddress()))
                .toList();
    }

    private void show(List<StockRow> running, long nowNs) {
        boolean before = !members.isEmpty();
        members = running;
        if (running.isEmpty()) {
            if (before) {
                DiscoveryMessages.STOCK_GONE.to(log);
            }
        } else if (!before || nowNs - nextWarnNs >= 0) {
            nextWarnNs = nowNs + WARN_INTERVAL_NS;
            DiscoveryMessages.STOCK_BESIDE.to(
                    log,
                    found(),
                    policy == StockCluster.REFUSE
                            ? "Until then this member is not ready; stock_cluster=warn makes it ready beside them"
                            : "This member is ready all the same, because of stock_cluster=warn");
        }
    }

    /** Time of the next read. */
    long nextReadNs() {
        return nextReadNs;
    }

    /** The members that run, as last seen. */
    List<StockRow> members() {
        return members;
    }

    /** Not ready while there are any, unless that is allowed. */
    Optional<LeaseHealth> health() {
        return policy == StockCluster.REFUSE && !members.isEmpty()
                ? Optional.of(new LeaseHealth.Unhealthy(found()))
                : Optional.empty();
    }

    private String found() {
        List<StockRow> running = members;
        String names = running.stream().limit(MAX_NAMES).map(StockRow::label).collect(Collectors.joining(", "));
        return "a second cluster " + cluster + " runs on this database, on the stack jdbc-ping; its members ("
                + running.size() + "): " + names + (running.size() > MAX_NAMES ? ", ..." : "")
                + "; changes on one side stay stale in the caches of the other";
    }
}
