package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.member.StackXml;
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

    private final Contender contender;
    private final Postgres postgres;
    private final String database;
    private final Database owner;
    private final String table;
    private final ConnectionPool pool;
    private final Supplier<StackXml> stack;

    private ChannelPeer(
            Contender contender,
            Postgres postgres,
            String database,
            Database owner,
            String table,
            ConnectionPool pool,
            Supplier<StackXml> stack) {
        this.contender = contender;
        this.postgres = postgres;
        this.database = database;
        this.owner = owner;
        this.table = table;
        this.pool = pool;
        this.stack = stack;
    }

    static ChannelPeer create(Lab lab, Contender contender, String purpose) throws InterruptedException {
        JGROUPS_LOG.setLevel(Level.OFF);
        OWN_LOG.setLevel(Level.OFF);
        String name = purpose + "_" + contender.label();
        Postgres postgres = lab.sandbox().postgres();
        Database database = postgres.createDatabase(name);
        ConnectionPool pool = new ConnectionPool(database);
        boolean stock = !contender.isEvenkeel();
        ChannelPeer peer = new ChannelPeer(
                contender,
                postgres,
                name,
                database,
                stock ? "jgroups" : "evenkeel_lease",
                pool,
                stock
                        ? () -> StackXml.stockOn(pool.dataSource(), LOOPBACK)
                        : () -> StackXml.evenkeelOn(database, LOOPBACK));
        peer.prepare();
        return peer;
    }

    /** Makes the table, by a first member's life for ours, which also warms up what both use. */
    private void prepare() throws InterruptedException {
        if (!contender.isEvenkeel()) {
            execute(
                    "CREATE TABLE jgroups (address varchar(200) NOT NULL, name varchar(200), cluster varchar(200)"
                            + " NOT NULL,"
                            + " ip varchar(200) NOT NULL, coord boolean, PRIMARY KEY (address))",
                    "ALTER TABLE jgroups OWNER TO " + owner.owner().user());
        }
        try (Members members = new Members(stack, contender.label(), 1)) {
            members.connectAtOnce();
        }
    }

    Contender contender() {
        return contender;
    }

    /** The same database at another address. */
    Database databaseAt(String host, int port) {
        return new Database("jdbc:postgresql://" + host + ":" + port + "/" + database, owner.owner());
    }

    /** Members that are not connected yet. */
    Members newMembers(int count) {
        return new Members(stack, contender.label(), count);
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
