package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Database;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Open connections to be used again, so that stock's JDBC_PING2 does not pay for a login in each operation, as it does
 * not in Keycloak.
 */
final class ConnectionPool implements AutoCloseable, ConnectionEventListener {
    private final PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private final List<PooledConnection> all = new ArrayList<>();

    ConnectionPool(Database database) {
        source.setUrl(database.jdbcUrl());
        source.setUser(database.owner().user());
        source.setPassword(database.owner().password());
    }

    /** A DataSource that can do nothing but give connections. */
    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && method.getParameterCount() == 0) {
                        return take();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private Connection take() throws SQLException {
        PooledConnection pooled;
        synchronized (this) {
            pooled = idle.poll();
        }
        if (pooled == null) {
            pooled = source.getPooledConnection();
            pooled.addConnectionEventListener(this);
            synchronized (this) {
                all.add(pooled);
            }
        }
        return pooled.getConnection();
    }

    @Override
    public synchronized void connectionClosed(ConnectionEvent event) {
        idle.push((PooledConnection) event.getSource());
    }

    @Override
    public synchronized void connectionErrorOccurred(ConnectionEvent event) {
        idle.remove((PooledConnection) event.getSource());
    }

    @Override
    public synchronized void close() {
        for (PooledConnection pooled : all) {
            try {
                pooled.close();
            } catch (SQLException e) {
                System.err.println("A connection of the pool does not close: " + e.getMessage());
            }
        }
    }
}
