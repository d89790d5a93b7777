package io.evenkeel.stacks.keycloak;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.AgroalDataSourceConfiguration.DataSourceImplementation;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.evenkeel.protocols.lease.jdbc.ConnectionSuppliers;
import java.sql.SQLException;
import java.time.Duration;

/** A source of the one database connection that the lease agent keeps, beside Keycloak's pool. */
final class LeaseDataSource {

    private LeaseDataSource() {}

    /**
     * Opens connections as Keycloak's pool opens them (driver, URL, credentials and their providers, TLS, session
     * properties), but without a pool: {@code getConnection} connects, {@code close} disconnects.
     *
     * @param keycloak Keycloak's own pool; only its configuration is read
     * @param loginMs how long an attempt to connect and log in may take
     */
    static AgroalDataSource beside(AgroalDataSource keycloak, long loginMs) throws SQLException {
        Duration loginTimeout = Duration.ofMillis(loginMs);
        AgroalConnectionFactoryConfiguration keycloaks =
                keycloak.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
        AgroalConnectionFactoryConfigurationSupplier connections = new AgroalConnectionFactoryConfigurationSupplier(
                        keycloaks)
                .autoCommit(true)
                .loginTimeout(loginTimeout);
        ConnectionSuppliers.driverProperties(keycloaks.jdbcUrl()).forEach((name, value) -> {
            if (!keycloaks.jdbcProperties().containsKey(name)) {
                connections.jdbcProperty(name, value);
            }
        });
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .dataSourceImplementation(DataSourceImplementation.AGROAL_POOLLESS)
                .connectionPoolConfiguration(pool ->
                        pool.maxSize(1).acquisitionTimeout(loginTimeout).connectionFactoryConfiguration(connections)));
    }
}
