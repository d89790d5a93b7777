package io.evenkeel.protocols;

import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.StockCluster;
import io.evenkeel.protocols.lease.agent.LeaseDiscovery;
import io.evenkeel.protocols.lease.jdbc.ConnectionSupplier;
import io.evenkeel.protocols.lease.jdbc.ConnectionSuppliers;
import io.evenkeel.protocols.lease.jdbc.JdbcTimeouts;
import io.evenkeel.protocols.lease.jdbc.JdbcUrl;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.search.addresses.MemberAddresses;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jgroups.annotations.Property;
import org.jgroups.conf.AttributeType;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of {@link JDBC_PING_LEASE} and what is made of them. Those that mean the same are named as in JGroups'
 * JDBC_PING2; all are read once and checked then. The setters are to be called before the channel is connected.
 */
public abstract class JDBC_PING_LEASEConfig extends LeaseDiscovery {
    /** The default of {@code table_name}. */
    public static final String DEFAULT_TABLE = "EVENKEEL_LEASE";

    /** The default of {@code stock_table}: the name that Keycloak gives it. */
    public static final String DEFAULT_STOCK_TABLE = "JGROUPS_PING";

    private static final long DEFAULT_JOIN_REPORT_INTERVAL_MS = 3000;
    private static final long NOT_SET = -1;

    @Property(
            description = "JDBC URL; needs no value if a DataSource is set, injected or bound in JNDI",
            converter = JdbcUrl.Converter.class,
            writable = false,
            exposeAsManagedAttribute = false)
    protected @Nullable JdbcUrl connection_url;

    @Property(description = "User name for connection_url", writable = false)
    protected @Nullable String connection_username;

    @Property(
            description = "Password for connection_url",
            converter = Secret.Converter.class,
            writable = false,
            exposeAsManagedAttribute = false)
    protected @Nullable Secret connection_password;

    @Property(
            description = "Class of the JDBC driver; if not set, the registered driver that takes connection_url",
            writable = false)
    protected @Nullable String connection_driver;

    @Property(description = "JNDI name of a DataSource", writable = false)
    protected @Nullable String datasource_jndi_name;

    @Property(
            description = "Class of a Function<JDBC_PING_LEASE,DataSource> with a public constructor; goes before"
                    + " datasource_jndi_name",
            writable = false)
    protected @Nullable String datasource_injecter_class;

    @Property(description = "Table of the leases, table or schema.table; quoted only where needed", writable = false)
    protected String table_name = DEFAULT_TABLE;

    @Property(
            description = "Whether to create the table if it is missing; if false, or if the user may not, the start"
                    + " fails with the DDL to run",
            writable = false)
    protected boolean create_table = true;

    @Property(
            description = "What to do while members on the stock stack jdbc-ping run in a cluster of the same"
                    + " name on the same database: refuse makes this member not ready, warn only warns; both"
                    + " warn each minute; join makes one cluster of both kinds, and needs stock's discovery"
                    + " protocol below this one",
            writable = false)
    protected String stock_cluster = "refuse";

    @Property(
            description = "Table of the stock stack jdbc-ping, which is only read and may be missing; table or"
                    + " schema.table, in upper or lower case or as it is written here",
            writable = false)
    protected String stock_table = DEFAULT_STOCK_TABLE;

    @Property(
            description = "Time between two beats of a member; less than a third of lease_ttl",
            type = AttributeType.TIME,
            writable = false)
    protected long heartbeat_interval = 3000;

    /** Less than the 10 s that a silent host may cost a start: opening the table and the first view take their part. */
    @Property(description = "How long a beat keeps a member's row valid", type = AttributeType.TIME, writable = false)
    protected long lease_ttl = 9500;

    @Property(description = "Bound for getting a connection", type = AttributeType.TIME, writable = false)
    protected long connect_timeout = 2000;

    @Property(
            description =
                    "How long one attempt to connect and log in may take, at least connect_timeout: nobody waits for"
                            + " longer than that, but a slow login goes on and serves the next attempt",
            type = AttributeType.TIME,
            writable = false)
    protected long login_timeout = 8000;

    @Property(description = "Bound for a statement, whole seconds", type = AttributeType.TIME, writable = false)
    protected long query_timeout = 2000;

    @Property(description = "Bound for an answer on the database socket", type = AttributeType.TIME, writable = false)
    protected long network_timeout = 4000;

    @Property(
            description = "How long a stop waits for the deletion of the row; 0 does not wait",
            type = AttributeType.TIME,
            writable = false)
    protected long leave_timeout = 1000;

    @Property(
            description = "Bound for asking a candidate over the wire whether it lives",
            type = AttributeType.TIME,
            writable = false)
    protected long probe_timeout = 1000;

    @Property(
            description = "While a node cannot join, it says why this often",
            type = AttributeType.TIME,
            writable = false)
    protected long join_report_interval = DEFAULT_JOIN_REPORT_INTERVAL_MS;

    @Property(
            description = "Former name of join_report_interval; -1: not set",
            type = AttributeType.TIME,
            writable = false)
    protected long diary_interval = NOT_SET;

    @Property(
            description = "How long a join may take before the start fails with what stood in its way; 0 for no limit,"
                    + " else more than lease_ttl, as a silent member's lease has to run out first",
            type = AttributeType.TIME,
            writable = false)
    protected long max_join_time;

    @Property(
            description = "Where a node that starts while the database does not answer asks for members: hosts, as in"
                    + " host1[7800],host2[7800]; empty for nowhere",
            writable = false)
    protected String initial_hosts = "";

    @Property(
            description =
                    "The same by DNS: a name whose records list members. An address without a port is asked at the"
                            + " transport's bind_port",
            writable = false)
    protected String dns_query = "";

    @Property(description = "Type of the records of dns_query: A, AAAA or SRV, which has ports", writable = false)
    protected String dns_record_type = "A";

    @Property(
            description =
                    "DNS server that is asked for dns_query, as in 10.0.0.53 or 10.0.0.53:5353; empty for those of"
                            + " this host",
            writable = false)
    protected String dns_address = "";

    private @Nullable DataSource dataSource;

    /** Null if the source is not ours to close. */
    private @Nullable Runnable closeDataSource;

    /** The source of the connection; goes before every other. To be called before init. */
    public JDBC_PING_LEASE setDataSource(DataSource source) {
        dataSource = source;
        return self();
    }

    /**
     * As {@link #setDataSource}, for a source of this member's own.
     *
     * @param close called once, when the channel is closed
     */
    public JDBC_PING_LEASE setOwnDataSource(DataSource source, Runnable close) {
        closeDataSource = close;
        return setDataSource(source);
    }

    @Override
    public void destroy() {
        super.destroy();
        Runnable close = closeDataSource;
        closeDataSource = null;
        if (close != null) {
            close.run();
        }
    }

    public @Nullable DataSource getDataSource() {
        return dataSource;
    }

    /** As JGroups' own; the URL and the password may be given as text. */
    // The signature is JGroups'.
    @SuppressWarnings("TypeParameterUnusedInFormals")
    @Override
    public <T extends Protocol> T setValue(String name, Object value) {
        boolean url = name.equals("connection_url") && value instanceof String;
        return super.setValue(name, url ? JdbcUrl.of((String) value) : Secret.ofText(getClass(), name, value));
    }

    public JDBC_PING_LEASE setConnectionUrl(String url) {
        connection_url = JdbcUrl.of(url);
        return self();
    }

    public JDBC_PING_LEASE setConnectionUsername(String name) {
        connection_username = name;
        return self();
    }

    public JDBC_PING_LEASE setConnectionPassword(String password) {
        connection_password = Secret.of(password);
        return self();
    }

    public JDBC_PING_LEASE setConnectionDriver(String driverClass) {
        connection_driver = driverClass;
        return self();
    }

    public JDBC_PING_LEASE setDatasourceJndiName(String name) {
        datasource_jndi_name = name;
        return self();
    }

    public JDBC_PING_LEASE setDatasourceInjecterClass(String injecterClass) {
        datasource_injecter_class = injecterClass;
        return self();
    }

    /** True if there is a database already, by an attribute or by {@link #setDataSource}. */
    public boolean hasDatabase() {
        return dataSource != null
                || datasource_injecter_class != null
                || datasource_jndi_name != null
                || connection_url != null;
    }

    public String getTableName() {
        return table_name;
    }

    /** As the attribute table_name. To be called before start. */
    public JDBC_PING_LEASE setTableName(String name) {
        table_name = name;
        return self();
    }

    public String getStockCluster() {
        return stock_cluster;
    }

    /** As the attribute stock_cluster. To be called before start. */
    public JDBC_PING_LEASE setStockCluster(String policy) {
        stock_cluster = policy;
        return self();
    }

    public String getStockTable() {
        return stock_table;
    }

    /** As the attribute stock_table. To be called before start. */
    public JDBC_PING_LEASE setStockTable(String name) {
        stock_table = name;
        return self();
    }

    public long getMaxJoinTime() {
        return max_join_time;
    }

    public long getLoginTimeout() {
        return login_timeout;
    }

    /** As the attribute login_timeout. To be called before init. */
    public JDBC_PING_LEASE setLoginTimeout(long ms) {
        login_timeout = ms;
        return self();
    }

    /** As the attribute max_join_time. To be called before init. */
    public JDBC_PING_LEASE setMaxJoinTime(long ms) {
        max_join_time = ms;
        return self();
    }

    private JDBC_PING_LEASE self() {
        return (JDBC_PING_LEASE) this;
    }

    @Override
    protected long probeTimeoutMs() {
        return probe_timeout;
    }

    /** @throws IllegalArgumentException naming the attribute, its value and the limit */
    final LeasePolicy policy() {
        return new LeasePolicy(heartbeat_interval, lease_ttl);
    }

    /** @throws IllegalArgumentException naming the attributes, their values and the limit */
    final JdbcTimeouts timeouts(LeasePolicy policy) {
        if (leave_timeout < 0 || probe_timeout <= 0 || joinReportIntervalMs() <= 0) {
            String reports = isJoinReportIntervalByFormerName() ? "diary_interval" : "join_report_interval";
            throw new IllegalArgumentException("leave_timeout=" + leave_timeout + " must be >= 0, probe_timeout="
                    + probe_timeout + " and " + reports + "=" + joinReportIntervalMs() + " must be > 0");
        }
        if (max_join_time < 0 || (max_join_time > 0 && max_join_time <= policy.leaseTtlMs())) {
            throw new IllegalArgumentException(
                    "max_join_time=" + max_join_time + " must be 0 or > lease_ttl = " + policy.leaseTtlMs());
        }
        JdbcTimeouts timeouts = new JdbcTimeouts(connect_timeout, login_timeout, query_timeout, network_timeout);
        timeouts.checkAgainst(policy);
        return timeouts;
    }

    /**
     * The interval by either of its names.
     *
     * @throws IllegalArgumentException if both are set
     */
    final long joinReportIntervalMs() {
        if (!isJoinReportIntervalByFormerName()) {
            return join_report_interval;
        }
        if (join_report_interval != DEFAULT_JOIN_REPORT_INTERVAL_MS) {
            throw new IllegalArgumentException(
                    "diary_interval is the former name of join_report_interval, and both are set; remove"
                            + " diary_interval");
        }
        return diary_interval;
    }

    final boolean isJoinReportIntervalByFormerName() {
        return diary_interval != NOT_SET;
    }

    /** @throws IllegalArgumentException naming the attribute, its value and what it must be */
    final StockCluster stockCluster() {
        return StockCluster.of(stock_cluster);
    }

    /** @throws IllegalArgumentException naming the attribute, its value and the limit */
    final MemberAddresses fallbackAddresses() {
        return MemberAddresses.of("JDBC_PING_LEASE", initial_hosts, dns_query, dns_record_type, dns_address);
    }

    /** The source of connections; connects to nothing. */
    final ConnectionSupplier connections() throws Exception {
        if (dataSource != null) {
            return dataSource::getConnection;
        }
        if (datasource_injecter_class != null) {
            return injected()::getConnection;
        }
        if (datasource_jndi_name != null) {
            return ConnectionSuppliers.jndi(datasource_jndi_name.trim());
        }
        if (connection_url != null) {
            return ConnectionSuppliers.driver(
                    connection_url,
                    connection_username,
                    connection_password,
                    connection_driver,
                    getClass().getClassLoader());
        }
        throw new IllegalArgumentException("no database is given: set connection_url, datasource_jndi_name or"
                + " datasource_injecter_class, or call setDataSource before the channel is initialised");
    }

    private DataSource injected() throws Exception {
        Object injecter = Util.loadClass(datasource_injecter_class, getClass())
                .getConstructor()
                .newInstance();
        DataSource source;
        try {
            @SuppressWarnings("unchecked")
            Function<JDBC_PING_LEASE, DataSource> function = (Function<JDBC_PING_LEASE, DataSource>) injecter;
            source = function.apply(self());
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(
                    "datasource_injecter_class=" + datasource_injecter_class
                            + " must be a Function<JDBC_PING_LEASE,DataSource>; one that was written for"
                            + " JDBC_PING2 has to take JDBC_PING_LEASE, or any Protocol, in its place ("
                            + e.getMessage() + ")",
                    e);
        }
        if (source == null) {
            throw new IllegalArgumentException(
                    "datasource_injecter_class=" + datasource_injecter_class + " gave no DataSource");
        }
        return source;
    }
}
