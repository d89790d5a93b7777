/**
 * The decisions of JDBC_PING_LEASE: the length of a lease, which member is alive, which one may found a cluster.
 *
 * <p>Pure: no I/O, no clock, no thread, no lock. Every {@code nowNs} comes from the caller and is only ever compared
 * with another of the same process; ages between processes come from the database's clock alone. A probe is a liveness
 * probe here: it asks an address whether a certain member lives there.
 */
@NullMarked
package io.evenkeel.protocols.lease;

import org.jspecify.annotations.NullMarked;
