package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.property.Secret;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The ways to connections that users of plain JGroups have. Nothing here connects. */
public final class ConnectionSuppliers {
    /** The driver's properties that the lease agent's connection needs on a URL, by name; the URL goes before them. */
    public static Map<String, String> driverProperties(String url) {
        return Dialects.driverProperties(url);
    }

    private ConnectionSuppliers() {}

    /**
     * A DataSource that the administrator bound; its name comes from the stack's configuration alone.
     *
     * @throws IllegalArgumentException if nothing of that name is bound, or it is no DataSource
     */
    @SuppressWarnings("BanJNDI")
    public static ConnectionSupplier jndi(String name) {
        try {
            InitialContext context = new InitialContext();
            try {
                if (context.lookup(name) instanceof DataSource dataSource) {
                    return dataSource::getConnection;
                }
                throw new IllegalArgumentException("datasource_jndi_name=" + name + " is bound to no DataSource");
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            throw new IllegalArgumentException("datasource_jndi_name=" + name + " cannot be looked up: " + e, e);
        }
    }

    /**
     * A driver by itself, without a pool. No failure shows a secret.
     *
     * @param url the JDBC URL
     * @param user null for none
     * @param password null for none
     * @param driverClass null to let the DriverManager choose
     * @param loader where the driver's class is looked for
     * @throws IllegalArgumentException if there is no such driver, or it does not take the URL
     */
    public static ConnectionSupplier driver(
            JdbcUrl url,
            @Nullable String user,
            @Nullable Secret password,
            @Nullable String driverClass,
            ClassLoader loader) {
        Properties login = new Properties();
        login.putAll(driverProperties(url.reveal()));
        Set<String> secrets = new HashSet<>(url.secrets());
        if (user != null) {
            login.setProperty("user", user);
        }
        if (password != null) {
            login.setProperty("password", new String(password.reveal()));
            secrets.add(login.getProperty("password"));
        }
        SecretRedactor redactor = new SecretRedactor(secrets);
        Driver driver = driverClass == null ? registered(url) : load(driverClass, loader);
        return () -> {
            Connection connection;
            try {
                connection = driver.connect(url.reveal(), login);
            } catch (SQLException | RuntimeException e) {
                throw redactor.redact(e);
            }
            if (connection == null) {
                throw new SQLException("connection_url=" + url + " is not one of "
                        + driver.getClass().getName());
            }
            return connection;
        };
    }

    private static Driver registered(JdbcUrl url) {
        try {
            return DriverManager.getDriver(url.reveal());
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "no registered JDBC driver takes connection_url=" + url + "; set connection_driver to its class",
                    e);
        }
    }

    private static Driver load(String driverClass, ClassLoader loader) {
        try {
            return Class.forName(driverClass, true, loader)
                    .asSubclass(Driver.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "connection_driver=" + driverClass + " cannot be loaded: put its jar on the class path (" + e + ")",
                    e);
        }
    }
}
