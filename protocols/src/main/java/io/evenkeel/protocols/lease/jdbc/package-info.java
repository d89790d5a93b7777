/** The table of leases on JDBC: one dedicated connection, bounded waits, named SQL per dialect. */
@NullMarked
package io.evenkeel.protocols.lease.jdbc;

import org.jspecify.annotations.NullMarked;
