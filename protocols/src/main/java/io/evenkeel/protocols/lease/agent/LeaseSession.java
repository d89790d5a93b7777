package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.LeaseTable;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.LeaseTableSource;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;

/**
 * The agent's session with the table: opens it, and after a failure opens it again with a growing, bounded delay. Says once
 * that the database went and once that it came back.
 *
 * <p>Used by the agent's thread; {@link #up} and {@link #trouble} by any.
 */
final class LeaseSession {
    private static final long FIRST_DELAY_MS = 200;

    private final LeaseTableSource source;
    private final long maxDelayMs;
    private final Log log;
    private LeaseTable table;
    private boolean opened;
    private boolean failed;
    private long delayMs = FIRST_DELAY_MS;
    private long nextTryNs;
    private boolean tried;
    private volatile boolean up;
    private volatile String trouble = "not connected yet";

    /** @param maxDelayMs greatest delay between two attempts */
    LeaseSession(LeaseTableSource source, long maxDelayMs, Log log) {
        this.source = source;
        this.maxDelayMs = maxDelayMs;
        this.log = log;
    }

    /** The open table, or null while it is too early to try again. */
    LeaseTable table(long nowNs) throws LeaseTableException {
        if (table == null && (!tried || nowNs - nextTryNs >= 0)) {
            tried = true;
            table = source.open();
        }
        return table;
    }

    /** An operation worked. */
    void worked() {
        if (!up && opened) {
            log.info("the lease table is back");
        }
        opened = true;
        up = true;
        trouble = "";
        delayMs = FIRST_DELAY_MS;
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
        trouble = e.getMessage();
        if (!opened && e.misconfigured()) {
            log.debug("the lease table cannot be used: %s", e.getMessage());
        } else if (up || (!opened && delayMs == FIRST_DELAY_MS)) {
            log.warn(
                    "the lease table does not answer: %s; nobody is declared dead and nobody founds a cluster meanwhile,"
                            + " trying again",
                    e.getMessage());
        } else {
            log.debug("the lease table still does not answer: %s", e.getMessage());
        }
        up = false;
        nextTryNs = nowNs + TimeUnit.MILLISECONDS.toNanos(delayMs);
        delayMs = Math.min(maxDelayMs, delayMs * 2);
    }

    /** Time to the next attempt. */
    long delayNs(long nowNs) {
        return Math.max(1, nextTryNs - nowNs);
    }

    /** Whether the last operation worked. */
    boolean up() {
        return up;
    }

    boolean everFailed() {
        return failed;
    }

    boolean everOpened() {
        return opened;
    }

    /** Why it is not up. */
    String trouble() {
        return trouble;
    }

    void shutdown() {
        up = false;
        source.shutdown();
    }
}
