package io.evenkeel.stacks.cli.settings;

import io.evenkeel.protocols.lease.jdbc.ConnectionSupplier;
import io.evenkeel.protocols.lease.jdbc.ConnectionSuppliers;
import io.evenkeel.protocols.lease.jdbc.JdbcUrl;
import io.evenkeel.protocols.property.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * Keycloak's database, as its {@code db-*} options name it.
 *
 * @param url never shown but by its own toString
 * @param schema of Keycloak's tables, if it is named
 */
public record DatabaseSettings(JdbcUrl url, Optional<String> user, Optional<Secret> password, Optional<String> schema) {

    private static final Map<String, String> KINDS = Map.of(
            "postgres", "postgresql",
            "mariadb", "mariadb",
            "mysql", "mysql",
            "mssql", "sqlserver",
            "oracle", "oracle");

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming what is missing
     */
    public static DatabaseSettings of(KeycloakSettings settings) {
        String url = settings.get("db-url").orElseGet(() -> composed(settings));
        return new DatabaseSettings(
                JdbcUrl.of(url),
                settings.get("db-username"),
                settings.get("db-password").map(Secret::of),
                settings.get("db-schema"));
    }

    private static String composed(KeycloakSettings settings) {
        String kind = settings.get("db").orElse("");
        if (!KINDS.containsKey(kind)) {
            throw new IllegalArgumentException(
                    kind.isEmpty()
                            ? "the database is not known: give --db-url (or KC_DB_URL), --db-username and"
                                    + " KC_DB_PASSWORD, or --kc-home with Keycloak's directory"
                            : "--db=" + kind + " is no database that several nodes share; those are " + KINDS.keySet());
        }
        String host = settings.get("db-url-host").orElse("localhost");
        String database = settings.get("db-url-database").orElse("keycloak");
        String port = settings.get("db-url-port").map(number -> ":" + number).orElse("");
        String properties = settings.get("db-url-properties").orElse("");
        return switch (kind) {
            case "oracle" -> "jdbc:oracle:thin:@//" + host + (port.isEmpty() ? ":1521" : port) + "/" + database;
            case "mssql" -> "jdbc:sqlserver://" + host + port + ";databaseName=" + database + properties;
            default -> "jdbc:" + KINDS.get(kind) + "://" + host + port + "/" + database + properties;
        };
    }

    /**
     * Opens connections to it.
     *
     * @throws IllegalArgumentException if there is no driver for the URL
     */
    public ConnectionSupplier connections() {
        try {
            return ConnectionSuppliers.driver(
                    url, user.orElse(null), password.orElse(null), null, DatabaseSettings.class.getClassLoader());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--db-url=" + url + " must be a URL that a JDBC driver in Keycloak's lib or providers takes", e);
        }
    }

    /** The name of a table in Keycloak's schema. */
    public String inSchema(String table) {
        return table.contains(".")
                ? table
                : schema.map(name -> name + "." + table).orElse(table);
    }
}
