/**
 * What a lease is, who is alive, who may found a cluster: the decisions of JDBC_PING_LEASE.
 *
 * <p>Pure: no I/O, no clock, no thread, no lock. Every {@code nowNs} comes from the caller and is only ever compared with
 * another of the same process; ages between processes come from the database's clock alone.
 */
package io.evenkeel.protocols.lease;
