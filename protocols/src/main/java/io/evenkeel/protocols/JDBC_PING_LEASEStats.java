package io.evenkeel.protocols;

import io.evenkeel.protocols.lease.LeaseDump;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.lease.agent.LeaseAgent;
import io.evenkeel.protocols.lease.agent.LeaseStats;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;

/**
 * The statistics of {@link JDBC_PING_LEASE}, of the current start or of the last one. They come from memory, on any
 * thread; zero before the first start.
 */
public abstract class JDBC_PING_LEASEStats extends JDBC_PING_LEASEConfig {
    private static final long DUMP_TIMEOUT_MS = 500;

    @ManagedAttribute(
            description =
                    "Rows of the cluster as last read; a member that does not coordinate reads all of them after a"
                            + " new view and on demand",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getLiveRows() {
        return agent == null ? 0 : agent.snapshot().rows().size() - getExpiredRows();
    }

    @ManagedAttribute(
            description = "Rows that ran out while this member watched",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getExpiredRows() {
        return counted(LeaseStats::expiredRows);
    }

    @ManagedAttribute(
            description = "Members' rows of other clusters in the same table, which the coordinator alone counts once a"
                    + " minute, and rows of ours in a format that this version does not know",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getForeignRows() {
        return agent == null
                ? 0
                : agent.stats().foreignRows()
                        + agent.snapshot().rows().values().stream()
                                .filter(row -> row.format() > LeaseRow.FORMAT)
                                .count();
    }

    @ManagedAttribute(
            description = "Members of a stock jdbc-ping cluster of the same name that run on the same database,"
                    + " beside this cluster",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getStockMembers() {
        return agent == null ? 0 : agent.stockMembers().size();
    }

    @ManagedAttribute(
            description = "Reads of all rows of the cluster; ordinary members read those of coordinators alone",
            type = AttributeType.SCALAR)
    public long getFullReads() {
        return counted(LeaseStats::fullReads);
    }

    @ManagedAttribute(description = "Rows read from the table", type = AttributeType.SCALAR)
    public long getRowsRead() {
        return counted(LeaseStats::rowsRead);
    }

    @ManagedAttribute(description = "Beats of this member", type = AttributeType.SCALAR)
    public long getBeats() {
        return counted(LeaseStats::beats);
    }

    @ManagedAttribute(description = "How long the last beat took", type = AttributeType.TIME, gauge = true)
    public double getLastBeatLatencyMs() {
        return counted(LeaseStats::beatLatencyNs) / 1e6;
    }

    @ManagedAttribute(
            description = "Time since the last beat that arrived was sent",
            type = AttributeType.TIME,
            gauge = true)
    public long getLastBeatAgeMs() {
        return getBeats() == 0
                ? 0
                : TimeUnit.NANOSECONDS.toMillis(
                        System.nanoTime() - agent().stats().beatSentNs());
    }

    @ManagedAttribute(description = "Beats on behalf of members of the view", type = AttributeType.SCALAR)
    public long getRenewals() {
        return counted(LeaseStats::renewals);
    }

    @ManagedAttribute(description = "Dead rows deleted by this member", type = AttributeType.SCALAR)
    public long getEvictions() {
        return counted(LeaseStats::evictions);
    }

    @ManagedAttribute(description = "Evictions that a late beat won against", type = AttributeType.SCALAR)
    public long getRefusedEvictions() {
        return counted(LeaseStats::refusedEvictions);
    }

    @ManagedAttribute(description = "How often our own row was evicted by others", type = AttributeType.SCALAR)
    public long getReentries() {
        return counted(LeaseStats::reentries);
    }

    @ManagedAttribute(
            description = "Merges asked for because of other coordinators in the table",
            type = AttributeType.SCALAR)
    public long getMergeRequests() {
        return counted(LeaseStats::merges);
    }

    @ManagedAttribute(
            description = "How often this cluster has been founded",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getFounderEpoch() {
        return agent == null ? 0 : agent.snapshot().founder().epoch();
    }

    @ManagedAttribute(description = "Failed operations on the database", type = AttributeType.SCALAR)
    public long getDatabaseErrors() {
        return counted(LeaseStats::databaseErrors);
    }

    @ManagedAttribute(description = "1 if the last operation on the database worked, else 0", gauge = true)
    public int getDatabaseUp() {
        return agent != null && agent.databaseUp() ? 1 : 0;
    }

    @ManagedAttribute(description = "Former name of join_report")
    public String getDiary() {
        return getJoinReport();
    }

    @ManagedAttribute(description = "Why there is no cluster to join yet; empty for a member of a view")
    public String getJoinReport() {
        return agent == null || agent.health() instanceof LeaseHealth.Healthy
                ? ""
                : String.join("; ", agent.joinReport());
    }

    @ManagedOperation(description = "The lease table as last read; does not wait for a database that hangs")
    public String dump() throws Exception {
        LeaseAgent current = agent;
        if (current == null) {
            return "not started";
        }
        try {
            return current.dump().get(DUMP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Snapshot last = current.snapshot();
            return "waiting for the database; last read "
                    + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last.receivedNs()) + " ms ago: "
                    + LeaseDump.text(last, identity, row -> "");
        }
    }

    @ManagedOperation(
            description =
                    "Reads all rows now; the coordinator then evicts those whose lease has run out under its eyes, an"
                            + " ordinary member counts and shows them")
    public void evictExpired() {
        agent().readNow();
    }

    @ManagedOperation(description = "Beats now")
    public void beatNow() {
        agent().beatNow();
    }

    private long counted(ToLongFunction<LeaseStats> counter) {
        return agent == null ? 0 : counter.applyAsLong(agent.stats());
    }
}
