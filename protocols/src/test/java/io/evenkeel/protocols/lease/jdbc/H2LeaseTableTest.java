package io.evenkeel.protocols.lease.jdbc;

import java.sql.Connection;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;

class H2LeaseTableTest {
    private static final JdbcDataSource DATABASE = new JdbcDataSource();

    static {
        DATABASE.setURL("jdbc:h2:mem:lease;DB_CLOSE_DELAY=-1");
    }

    @Nested
    class ReadCommitted extends JdbcLeaseTableContract {
        @Override
        DataSource database() {
            return DATABASE;
        }
    }

    @Nested
    class RepeatableRead extends JdbcLeaseTableContract {
        @Override
        DataSource database() {
            return FixedIsolation.of(DATABASE, Connection.TRANSACTION_REPEATABLE_READ);
        }
    }
}
