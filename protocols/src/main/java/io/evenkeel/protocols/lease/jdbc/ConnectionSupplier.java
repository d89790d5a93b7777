package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** A source of connections: a DataSource or a driver. May block for as long as it likes. */
@FunctionalInterface
public interface ConnectionSupplier {
    Connection get() throws SQLException;
}
