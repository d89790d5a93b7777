package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableSource;
import io.evenkeel.protocols.lease.RetryBackoff;
import io.evenkeel.protocols.log.DiscoveryMessages;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jgroups.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The agent's session with the table: opens it, and after a failure opens it again as {@link RetryBackoff} says. Logs
 * that the database went, every five minutes that it is still away, and that it came back.
 *
 * <p>Used by the agent's thread; {@link #up} and {@link #failure} by any.
 */
final class LeaseSession {
    private static final long WARN_INTERVAL_NS = TimeUnit.MINUTES.toNanos(5);

    private final LeaseTableSource source;
    private final RetryBackoff backoff;
    private final DoubleSupplier random;
    private final Log log;
    private @Nullable LeaseTable table;
    private boolean opened;
    private boolean failed;
    private boolean away;
    private long awaySinceNs;
    private long nextWarnNs;
    private LeaseTableException.@Nullable Kind warnedOf;
    private long nextTryNs;
    private boolean tried;
    private volatile boolean up;
    private volatile String failure = "not connected yet";

    /**
     * Opens nothing yet.
     *
     * @param maxDelayMs greatest delay between two attempts during an outage
     * @param random in [0, 1)
     */
    LeaseSession(LeaseTableSource source, long maxDelayMs, DoubleSupplier random, Log log) {
        this.source = source;
        this.random = random;
        this.log = log;
        backoff = new RetryBackoff(maxDelayMs);
    }

    /** The open table, or null while it is too early to try again. */
    @Nullable LeaseTable table(long nowNs) throws LeaseTableException {
        if (table == null && (!tried || nowNs - nextTryNs >= 0)) {
            tried = true;
            table = source.open();
        }
        return table;
    }

    /** An operation worked. */
    void worked(long nowNs) {
        if (away) {
            DiscoveryMessages.TABLE_BACK.to(log, TimeUnit.NANOSECONDS.toSeconds(nowNs - awaySinceNs));
        }
        away = false;
        warnedOf = null;
        opened = true;
        up = true;
        failure = "";
        backoff.reset();
    }

    /** An operation failed: the session is dropped. Its outcome is unknown, so nothing may be concluded from it. */
    void failed(LeaseTableException e, long nowNs) {
        table = null;
        failed = true;
        try {
            source.abandon();
        } catch (Throwable broken) {
            // A driver that fails at this too, by an AbstractMethodError for instance, must not end the agent.
            log.debug("the connection cannot be given up: " + broken);
        }
        failure = String.valueOf(e.getMessage());
        up = false;
        if (!away) {
            away = true;
            awaySinceNs = nowNs;
        }
        nextTryNs = nowNs + backoff.nextNs(e.kind(), random.getAsDouble());
        warn(e, nowNs);
    }

    /** A fault of another kind than the last is news. A fault that ends the start is logged by the start. */
    private void warn(LeaseTableException e, long nowNs) {
        boolean endsTheStart = !opened && e.misconfigured();
        if (endsTheStart || (warnedOf == e.kind() && nowNs - nextWarnNs < 0)) {
            log.debug("the lease table still does not answer: %s", e.getMessage());
            return;
        }
        warnedOf = e.kind();
        nextWarnNs = nowNs + WARN_INTERVAL_NS;
        DiscoveryMessages.TABLE_AWAY.to(
                log,
                since(nowNs),
                e.getMessage(),
                e.misconfigured()
                        ? "the next attempt is in " + TimeUnit.NANOSECONDS.toSeconds(delayNs(nowNs)) + " s"
                        : "trying again");
    }

    private String since(long nowNs) {
        long awayS = TimeUnit.NANOSECONDS.toSeconds(nowNs - awaySinceNs);
        return awayS == 0 ? "" : " for " + awayS + " s";
    }

    /** Time to the next attempt. */
    long delayNs(long nowNs) {
        return Math.max(1, nextTryNs - nowNs);
    }

    /** True if the last operation worked. */
    boolean up() {
        return up;
    }

    boolean everFailed() {
        return failed;
    }

    boolean everOpened() {
        return opened;
    }

    /** The reason why it is not up. */
    String failure() {
        return failure;
    }

    void shutdown() {
        up = false;
        source.shutdown();
    }
}
