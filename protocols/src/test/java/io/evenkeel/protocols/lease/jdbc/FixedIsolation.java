package io.evenkeel.protocols.lease.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A source whose connections keep one isolation level, whatever they are told: as a database or a pool may enforce it.
 */
final class FixedIsolation {
    private FixedIsolation() {}

    static DataSource of(DataSource source, int level) {
        return (DataSource) Proxy.newProxyInstance(
                FixedIsolation.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) ->
                        method.getName().equals("getConnection") ? fixed(source.getConnection(), level) : null);
    }

    private static Connection fixed(Connection connection, int level) throws SQLException {
        connection.setTransactionIsolation(level);
        return (Connection) Proxy.newProxyInstance(
                FixedIsolation.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("setTransactionIsolation")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
