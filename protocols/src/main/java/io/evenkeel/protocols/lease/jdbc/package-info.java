/** The table of leases on JDBC: one dedicated connection, bounded waits, named SQL per dialect. */
package io.evenkeel.protocols.lease.jdbc;
