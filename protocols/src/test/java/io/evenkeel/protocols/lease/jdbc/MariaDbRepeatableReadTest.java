package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = "amd64",
        disabledReason = "the MariaDB server that Maven Central has runs on Linux amd64 only")
class MariaDbRepeatableReadTest extends MariaDbLeaseTableTest {
    @Override
    DataSource database() {
        return FixedIsolation.of(super.database(), Connection.TRANSACTION_REPEATABLE_READ);
    }
}
