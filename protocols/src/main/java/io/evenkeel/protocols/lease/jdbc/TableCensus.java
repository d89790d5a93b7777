package io.evenkeel.protocols.lease.jdbc;

import java.util.List;
import java.util.OptionalLong;

/**
 * The clusters whose members have rows in one table of leases.
 *
 * @param clockMs the database's clock in milliseconds since 1970; empty if the table has no row to tell it by
 * @param clusters those with at least one member
 */
public record TableCensus(OptionalLong clockMs, List<Cluster> clusters) {
    public TableCensus {
        clusters = List.copyOf(clusters);
    }

    /**
     * One cluster.
     *
     * @param members its rows, whether they beat or not
     * @param youngestMs the time since the last heartbeat of any of them, by the database's clock
     */
    public record Cluster(String name, int members, long youngestMs) {}
}
