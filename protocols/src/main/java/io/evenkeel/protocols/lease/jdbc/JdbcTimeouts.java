package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.lease.LeasePolicy;

/**
 * Bounds of every wait for the database.
 *
 * @param connectMs for a connection to be there; an attempt that takes longer goes on by itself
 * @param loginMs for an attempt to connect and log in, before another one is started beside it
 * @param queryMs for a statement, then it is cancelled; whole seconds, as JDBC has it
 * @param networkMs for an answer on the socket, then the connection is given up
 */
public record JdbcTimeouts(long connectMs, long loginMs, long queryMs, long networkMs) {

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException naming the property, its value and the limit
     */
    public JdbcTimeouts {
        if (connectMs <= 0) {
            throw new IllegalArgumentException("connect_timeout=" + connectMs + " must be > 0");
        }
        if (loginMs < connectMs) {
            throw new IllegalArgumentException(
                    "login_timeout=" + loginMs + " must be >= connect_timeout = " + connectMs);
        }
        if (queryMs < 1000 || queryMs % 1000 != 0) {
            throw new IllegalArgumentException("query_timeout=" + queryMs
                    + " must be a multiple of 1000 ms and at least 1000 (JDBC counts seconds)");
        }
        if (networkMs <= queryMs || networkMs > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "network_timeout=" + networkMs + " must be > query_timeout = " + queryMs);
        }
    }

    int queryS() {
        return (int) (queryMs / 1000);
    }

    /**
     * A member whose beat hangs must find that out, connect again and beat within its lease.
     *
     * @throws IllegalArgumentException naming the properties, their values and the limit
     */
    public void checkAgainst(LeasePolicy policy) {
        long worstMs = policy.heartbeatIntervalMs() + networkMs + connectMs;
        if (worstMs > policy.leaseTtlMs()) {
            throw new IllegalArgumentException("heartbeat_interval + network_timeout + connect_timeout = " + worstMs
                    + " must be <= lease_ttl = " + policy.leaseTtlMs());
        }
    }
}
