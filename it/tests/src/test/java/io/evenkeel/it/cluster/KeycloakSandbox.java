package io.evenkeel.it.cluster;

import io.evenkeel.it.member.LeaseRows;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.HomeSpec;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.Sandbox;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The surroundings that the tests of a class on real Keycloak nodes share: a sandbox with its PostgreSQL, opened when
 * it is first asked for and closed behind the last test, and short ways to make and ask nodes.
 */
final class KeycloakSandbox implements AfterAllCallback {
    private Sandbox sandbox;
    private Credentials admin;

    /** On this project's version of Keycloak. */
    KeycloakSandbox() {}

    /** In a sandbox whose owner closes it. */
    KeycloakSandbox(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Sandbox sandbox() {
        if (sandbox == null) {
            try {
                sandbox = RealKeycloak.sandboxWithTables();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a sandbox was opened", e);
            }
        }
        return sandbox;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    /** The administrator of each database. */
    Credentials admin() {
        if (admin == null) {
            admin = sandbox().admin().orElseGet(RealKeycloak::markedAdmin);
        }
        return admin;
    }

    Postgres postgres() {
        return sandbox().postgres();
    }

    /** A database with Keycloak's tables, on this project's version of Keycloak. */
    Database database(String name) {
        return sandbox().database(name);
    }

    /** A database in which the first node makes all tables. */
    Database emptyDatabase(String name) {
        return postgres().createDatabase(name);
    }

    /** Runs statements as the superuser. */
    void sql(String database, String... statements) throws Exception {
        try (Connection connection = postgres().connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The nodes that have a row in the table of Keycloak's own jdbc-ping. */
    List<String> stockRows(String database) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = postgres().connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM jgroups_ping")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    LeaseRows leases(String database) {
        return new LeaseRows(postgres(), database, "evenkeel_lease");
    }

    NodePorts ports() {
        return sandbox().ports().freeForNode();
    }

    HomeSpec home() {
        return RealKeycloak.home(sandbox());
    }

    /** A cluster without nodes. */
    KeycloakCluster cluster(String name) throws InterruptedException {
        return cluster(name, home());
    }

    KeycloakCluster cluster(String name, HomeSpec home) throws InterruptedException {
        return sandbox().newCluster(name, home);
    }

    /** Nodes of one kind on a database of their own, which are not started. */
    KeycloakCluster twoNodes(String name, HomeSpec home, UnaryOperator<NodeConfig> change) throws InterruptedException {
        return nodes(name, home, List.of(change, change));
    }

    /** Nodes on a database of their own, named node-1 and so on, which are not started. */
    KeycloakCluster nodes(String name, HomeSpec home, List<UnaryOperator<NodeConfig>> changes)
            throws InterruptedException {
        Database database = database(name);
        KeycloakCluster cluster = cluster(name, home);
        changes.forEach(change -> add(cluster, "node-" + (cluster.nodes().size() + 1), database, change));
        return cluster;
    }

    KeycloakNode add(KeycloakCluster cluster, String name, Database database) {
        return add(cluster, name, database, UnaryOperator.identity());
    }

    KeycloakNode add(KeycloakCluster cluster, String name, Database database, UnaryOperator<NodeConfig> change) {
        return add(cluster, name, ports(), database, change);
    }

    /** Adds a node that gives out tokens under one URL whichever node is asked; it is not started. */
    KeycloakNode add(
            KeycloakCluster cluster,
            String name,
            NodePorts ports,
            Database database,
            UnaryOperator<NodeConfig> change) {
        return RealKeycloak.add(cluster, name, ports, database, admin(), change);
    }
}
