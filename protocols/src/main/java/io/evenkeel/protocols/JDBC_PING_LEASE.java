package io.evenkeel.protocols;

import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.agent.LeaseAddresses;
import io.evenkeel.protocols.lease.agent.LeaseAgent;
import io.evenkeel.protocols.lease.agent.LeaseDiscovery;
import io.evenkeel.protocols.lease.jdbc.ConnectionSupplier;
import io.evenkeel.protocols.lease.jdbc.ConnectionSuppliers;
import io.evenkeel.protocols.lease.jdbc.JdbcLeaseTableSource;
import io.evenkeel.protocols.lease.jdbc.JdbcTimeouts;
import io.evenkeel.protocols.wire.PeerProber;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.PhysicalAddress;
import org.jgroups.annotations.MBean;
import org.jgroups.annotations.Property;
import org.jgroups.conf.AttributeType;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Util;

/**
 * Discovery by leases in a database table: every member beats its own row by the database's clock, and a row is dead only by
 * one's own watching or by an answer over the wire. See {@link io.evenkeel.protocols.lease.LeaseKeeper} for the rules.
 *
 * <p>All JDBC happens on the {@link LeaseAgent}'s thread. A view change, a leave and a stop only tell the agent; a stop waits
 * for the row's deletion for {@code leave_timeout} at the most. A node that starts waits in its own thread until there is a
 * coordinator to join or the founding is its own: GMS takes an empty answer for "create a cluster", so it never gets one.
 */
@MBean(description = "Discovery by leases in a database table")
public class JDBC_PING_LEASE extends LeaseDiscovery {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.JDBC_PING_LEASE_ID, JDBC_PING_LEASE.class);
    }

    @Property(
            description = "JDBC URL; needs no value if a DataSource is set, injected or bound in JNDI",
            writable = false,
            exposeAsManagedAttribute = false)
    protected String connection_url;

    @Property(description = "User name for connection_url", writable = false)
    protected String connection_username;

    @Property(description = "Password for connection_url", writable = false, exposeAsManagedAttribute = false)
    protected String connection_password;

    @Property(
            description = "Class of the JDBC driver; if not set, the registered driver that takes connection_url",
            writable = false)
    protected String connection_driver;

    @Property(description = "JNDI name of a DataSource", writable = false)
    protected String datasource_jndi_name;

    @Property(
            description = "Class of a Function<JDBC_PING_LEASE,DataSource> with a public constructor; goes before"
                    + " datasource_jndi_name",
            writable = false)
    protected String datasource_injecter_class;

    @Property(description = "Table of the leases, table or schema.table; quoted only where needed", writable = false)
    protected String table_name = "EVENKEEL_LEASE";

    @Property(
            description = "Whether to create the table if it is missing; if false, or if the user may not, the start"
                    + " fails with the DDL to run",
            writable = false)
    protected boolean create_table = true;

    @Property(
            description = "Time between two beats of a member; less than a third of lease_ttl",
            type = AttributeType.TIME,
            writable = false)
    protected long heartbeat_interval = 3000;

    @Property(description = "How long a beat keeps a member's row valid", type = AttributeType.TIME, writable = false)
    protected long lease_ttl = 10000;

    @Property(description = "Bound for getting a connection", type = AttributeType.TIME, writable = false)
    protected long connect_timeout = 2000;

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
    protected long diary_interval = 3000;

    private ConnectionSupplier connections;
    private DataSource dataSource;
    private LeasePolicy policy;
    private JdbcTimeouts timeouts;

    /** Candidates handed to GMS, which never forgets one; a dead one is taken back by clearing its flag. */
    private final Map<Address, PingData> offered = new HashMap<>();

    /** The source of the connection; goes before every other. To be called before init. */
    public JDBC_PING_LEASE setDataSource(DataSource source) {
        dataSource = source;
        return this;
    }

    public DataSource getDataSource() {
        return dataSource;
    }

    /** Whether there is a database already, by an attribute or by {@link #setDataSource}. */
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
        return this;
    }

    @Override
    public boolean isDynamic() {
        return true;
    }

    @Override
    protected long probeTimeoutMs() {
        return probe_timeout;
    }

    @Override
    public void init() throws Exception {
        super.init();
        policy = new LeasePolicy(heartbeat_interval, lease_ttl);
        timeouts = new JdbcTimeouts(connect_timeout, query_timeout, network_timeout);
        timeouts.checkAgainst(policy);
        if (leave_timeout < 0 || probe_timeout <= 0 || diary_interval <= 0) {
            throw new IllegalArgumentException("leave_timeout=" + leave_timeout + " must be >= 0, probe_timeout="
                    + probe_timeout + " and diary_interval=" + diary_interval + " must be > 0");
        }
        if (async_discovery || num_discovery_runs > 1) {
            throw new IllegalArgumentException("async_discovery=" + async_discovery + " must be false and"
                    + " num_discovery_runs=" + num_discovery_runs
                    + " must be 1: GMS would found a cluster before the first answer is there");
        }
        prober = transport instanceof PeerProber asker ? asker : null;
        connections = connections();
    }

    private ConnectionSupplier connections() throws Exception {
        if (dataSource != null) {
            return dataSource::getConnection;
        }
        if (datasource_injecter_class != null) {
            Object injecter = Util.loadClass(datasource_injecter_class, getClass())
                    .getConstructor()
                    .newInstance();
            @SuppressWarnings("unchecked")
            DataSource source = ((Function<JDBC_PING_LEASE, DataSource>) injecter).apply(this);
            if (source == null) {
                throw new IllegalArgumentException(
                        "datasource_injecter_class=" + datasource_injecter_class + " gave no DataSource");
            }
            return source::getConnection;
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
        throw new IllegalArgumentException(
                "JDBC_PING_LEASE has no database: set connection_url, datasource_jndi_name or"
                        + " datasource_injecter_class, or call setDataSource before the channel is initialised");
    }

    @Override
    public void start() throws Exception {
        super.start();
        GMS gms = stack.findProtocol(GMS.class);
        if (gms != null && gms.getMaxJoinAttempts() > 0) {
            log.info(
                    "GMS.max_join_attempts=%d would found a second cluster beside one that cannot be joined; it is off",
                    gms.getMaxJoinAttempts());
            gms.setMaxJoinAttempts(0);
        }
        JdbcLeaseTableSource source = new JdbcLeaseTableSource(connections, table_name, create_table, timeouts);
        agent = new LeaseAgent(policy, source, this, log, "evenkeel-lease-" + local_addr);
        try {
            agent.start().get(connect_timeout + network_timeout, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("the lease table has not answered within %d ms, going on", connect_timeout + network_timeout);
        } catch (ExecutionException e) {
            stop();
            throw misconfigured(e.getCause());
        }
    }

    private static IllegalStateException misconfigured(Throwable cause) {
        return new IllegalStateException("JDBC_PING_LEASE cannot start: " + cause.getMessage(), cause);
    }

    @Override
    public void stop() {
        super.stop();
        LeaseAgent former = agent;
        if (former != null) {
            former.stop(leave_timeout);
        }
    }

    @Override
    public void handleConnect() {
        offered.clear();
        PhysicalAddress physical = physicalAddress();
        identity = new LeaseIdentity(
                cluster_name,
                LeaseAddresses.text(local_addr),
                String.valueOf(NameCache.get(local_addr)),
                String.valueOf(physical),
                prober != null
                        ? prober.incarnation()
                        : ThreadLocalRandom.current().nextLong());
        agent.connect(identity);
    }

    private PhysicalAddress physicalAddress() {
        return (PhysicalAddress) down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
    }

    @Override
    public void handleDisconnect() {
        agent.leave();
    }

    @Override
    public Object down(Event evt) {
        Object result = super.down(evt);
        if (evt.getType() == Event.VIEW_CHANGE) {
            agent.viewChanged(LeaseAddresses.view(view));
        } else if (evt.getType() == Event.BECOME_SERVER) {
            agent.serving();
        }
        return result;
    }

    @Override
    public Object up(Event evt) {
        if (evt.getType() == Event.FIND_MBRS && findTopmostDiscoveryProtocol() == this) {
            // From memory, so the transport gets its answer in time instead of an empty one and dropping the message.
            return findMembers(evt.<List<Address>>getArg(), false, false, 0);
        }
        return super.up(evt);
    }

    @Override
    protected void findMembers(List<Address> members, boolean initial, Responses responses) {
        if (initial) {
            join(responses);
            return;
        }
        answerFromMemory(members, responses, policy);
    }

    private void join(Responses responses) {
        // Whoever was offered before and is asked for again did not answer a JOIN; it is offered anew only if it is
        // found.
        offered.values().forEach(data -> data.coord(false));
        JoinStep step = await(agent.join());
        if (step instanceof JoinStep.Join join) {
            PingData data = LeaseAddresses.pingData(join.coordinator());
            if (data == null) {
                throw new IllegalStateException("cannot join " + cluster_name + ": the row of its coordinator "
                        + join.coordinator().label() + " cannot be read; is it of another version?");
            }
            introduce(data);
            offered.put(data.getAddress(), data);
            responses.addResponse(data, true);
        } else {
            log.info("%s: founding cluster %s (epoch %d)", local_addr, cluster_name, ((JoinStep.Found) step).epoch());
            responses.addResponse(new PingData(local_addr, true, identity.name(), physicalAddress()).coord(true), true);
        }
    }

    /** Tells the coordinator our physical address before it has to answer our JOIN. */
    private void introduce(PingData coordinator) {
        addDiscoveryResponseToCaches(
                coordinator.getAddress(), coordinator.getLogicalName(), coordinator.getPhysicalAddr());
        sendDiscoveryResponse(local_addr, physicalAddress(), identity.name(), coordinator.getAddress(), false);
    }

    private JoinStep await(CompletableFuture<JoinStep> step) {
        while (true) {
            try {
                return step.get(diary_interval, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                agent.diary().forEach(entry -> log.warn("%s: cannot join %s yet: %s", local_addr, cluster_name, entry));
            } catch (ExecutionException e) {
                throw e.getCause() instanceof LeaseTableException
                        ? misconfigured(e.getCause())
                        : new IllegalStateException("cannot join " + cluster_name, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while joining " + cluster_name, e);
            }
        }
    }
}
