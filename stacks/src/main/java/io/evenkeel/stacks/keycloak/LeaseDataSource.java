package io.evenkeel.stacks.keycloak;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.configuration.AgroalDataSourceConfiguration.DataSourceImplementation;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.evenkeel.protocols.lease.jdbc.ConnectionSuppliers;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** A source of the one database connection that the lease agent keeps, beside Keycloak's pool. */
final class LeaseDataSource {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private LeaseDataSource() {}

    /**
     * Opens connections as Keycloak's pool opens them (driver, URL, credentials and their providers, TLS, session
     * properties), but without a pool: {@code getConnection} connects, {@code close} disconnects.
     *
     * @param keycloak Keycloak's own pool; only its configuration is read
     */
    static DataSource beside(AgroalDataSource keycloak) throws SQLException {
        AgroalConnectionFactoryConfiguration keycloaks =
                keycloak.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
        AgroalConnectionFactoryConfigurationSupplier connections = new AgroalConnectionFactoryConfigurationSupplier(
                        keycloaks)
                .autoCommit(true)
                .loginTimeout(CONNECT_TIMEOUT);
        if (keycloaks.jdbcUrl().startsWith("jdbc:postgresql:")) {
            connections.jdbcProperty(ConnectionSuppliers.PG_CANCEL_TIMEOUT, ConnectionSuppliers.PG_CANCEL_TIMEOUT_S);
        }
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .dataSourceImplementation(DataSourceImplementation.AGROAL_POOLLESS)
                .connectionPoolConfiguration(pool -> pool.maxSize(1)
                        .acquisitionTimeout(CONNECT_TIMEOUT)
                        .connectionFactoryConfiguration(connections)));
    }
}
