package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import javax.sql.DataSource;

class PostgresRepeatableReadTest extends PostgresLeaseTableTest {
    @Override
    DataSource database() {
        return FixedIsolation.of(super.database(), Connection.TRANSACTION_REPEATABLE_READ);
    }
}
