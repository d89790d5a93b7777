package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.Postgres;
import io.evenkeel.it.node.RunException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One stack for plain JGroups members in this process, on a database of its own. */
final class ChannelPeer implements AutoCloseable {
    /**
     * Held here, since the log manager forgets loggers that nobody holds. Both stacks say a lot while members come and
     * go.
     */
    private static final Logger JGROUPS_LOG = Logger.getLogger("org.jgroups");

    private static final Logger OWN_LOG = Logger.getLogger("io.evenkeel");

    private static final String LOOPBACK = "127.0.0.1";

    private final StackKind kind;
    private final Postgres postgres;
    private final String database;
    private final Database owner;
    private final String table;
    private final ConnectionPool pool;
    private final Supplier<ChannelStack> stack;

    private ChannelPeer(
            StackKind kind,
            Postgres postgres,
            String database,
            Database owner,
            String table,
            ConnectionPool pool,
            Supplier<ChannelStack> stack) {
        this.kind = kind;
        this.postgres = postgres;
        this.database = database;
        this.owner = owner;
        this.table = table;
        this.pool = pool;
        this.stack = stack;
    }

    static ChannelPeer create(Lab lab, StackKind kind, String purpose) throws InterruptedException {
        JGROUPS_LOG.setLevel(Level.OFF);
        OWN_LOG.setLevel(Level.OFF);
        String name = purpose + "_" + kind.label();
        Postgres postgres = lab.sandbox().postgres();
        Database database = postgres.createDatabase(name);
        ConnectionPool pool = new ConnectionPool(database);
        boolean stock = kind.equals(StackKind.STOCK);
        ChannelPeer peer = new ChannelPeer(
                kind,
                postgres,
                name,
                database,
                stock ? "jgroups" : kind.table(),
                pool,
                stock
                        ? () -> ChannelStack.stock(pool.dataSource(), LOOPBACK)
                        : () -> ChannelStack.evenkeel(database, LOOPBACK));
        peer.prepare();
        return peer;
    }

    /** Makes the table, by a first member's life for ours, which also warms up what both use. */
    private void prepare() throws InterruptedException {
        if (kind.equals(StackKind.STOCK)) {
            execute(
                    "CREATE TABLE jgroups (address varchar(200) NOT NULL, name varchar(200), cluster varchar(200)"
                            + " NOT NULL,"
                            + " ip varchar(200) NOT NULL, coord boolean, PRIMARY KEY (address))",
                    "ALTER TABLE jgroups OWNER TO " + owner.owner().user());
        }
        try (Members members = new Members(stack, kind.label(), 1)) {
            members.connectAtOnce();
        }
    }

    StackKind kind() {
        return kind;
    }

    /** The same database at another address. */
    Database databaseAt(String host, int port) {
        return new Database("jdbc:postgresql://" + host + ":" + port + "/" + database, owner.owner());
    }

    /** Members that are not connected yet. */
    Members newMembers(int count) {
        return new Members(stack, kind.label(), count);
    }

    void clearTable() {
        execute("DELETE FROM " + table);
    }

    private void execute(String... statements) {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new RunException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
