package io.evenkeel.protocols.lease.jdbc;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

class H2LeaseTableTest extends JdbcLeaseTableContract {
    private final JdbcDataSource database = new JdbcDataSource();

    H2LeaseTableTest() {
        database.setURL("jdbc:h2:mem:lease;DB_CLOSE_DELAY=-1");
    }

    @Override
    DataSource database() {
        return database;
    }
}
