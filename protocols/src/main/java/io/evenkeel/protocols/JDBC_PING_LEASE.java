package io.evenkeel.protocols;

import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.lease.JoinStep;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseTableException;
import io.evenkeel.protocols.lease.StockCluster;
import io.evenkeel.protocols.lease.agent.AttestationHeader;
import io.evenkeel.protocols.lease.agent.FallbackDiscovery;
import io.evenkeel.protocols.lease.agent.JoinGuard;
import io.evenkeel.protocols.lease.agent.JoinStoppedException;
import io.evenkeel.protocols.lease.agent.LeaseAddresses;
import io.evenkeel.protocols.lease.agent.LeaseAgent;
import io.evenkeel.protocols.lease.agent.ViewAddressesHeader;
import io.evenkeel.protocols.lease.jdbc.ConnectionSupplier;
import io.evenkeel.protocols.lease.jdbc.JdbcLeaseTableSource;
import io.evenkeel.protocols.lease.jdbc.JdbcTimeouts;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.property.ProtocolErrors;
import io.evenkeel.protocols.transport.peer.PeerProber;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import io.evenkeel.protocols.version.PackProtocol;
import io.evenkeel.protocols.version.SupportedVersions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.pbcast.ClientGmsImpl;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.JoinRsp;
import org.jgroups.stack.Protocol;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jspecify.annotations.Nullable;

/**
 * Discovery by leases in a database table: every member beats its own row by the database's clock, and a row is dead
 * only by one's own watching or by an answer over the wire. See {@link io.evenkeel.protocols.lease.LeasePlanner} for
 * the rules.
 *
 * <p>All JDBC happens on the {@link LeaseAgent}'s thread. A view change, a leave and a stop only tell the agent; a stop
 * waits for the row's deletion for {@code leave_timeout} at the most. A node that starts waits in its own thread until
 * there is a coordinator to join or the founding is its own: GMS takes an empty answer for "create a cluster", so it
 * never gets one.
 */
@MBean(description = "Discovery by leases in a database table")
public class JDBC_PING_LEASE extends JDBC_PING_LEASEStats implements PackProtocol {
    /** Of KEYCLOAK_JDBC_PING2, as Keycloak registers it (JGroupsConfigurator). */
    private static final short KEYCLOAK_JDBC_PING2_ID = 1025;

    private static final short[] STOCK_DISCOVERY_IDS = {
        ClassConfigurator.getProtocolId(JDBC_PING2.class), KEYCLOAK_JDBC_PING2_ID
    };

    static {
        ClassConfigurator.addProtocol(ProtocolIds.JDBC_PING_LEASE_ID, JDBC_PING_LEASE.class);
        ClassConfigurator.add(ProtocolIds.ATTESTATION_HEADER_MAGIC, AttestationHeader.class);
        ClassConfigurator.add(ProtocolIds.VIEW_ADDRESSES_HEADER_MAGIC, ViewAddressesHeader.class);
    }

    private static final long FALLBACK_POLL_MS = 100;

    private final ViewSequence views = new ViewSequence();

    @SuppressWarnings("NullAway.Init")
    private ConnectionSupplier connections;

    @SuppressWarnings("NullAway.Init")
    private LeasePolicy policy;

    @SuppressWarnings("NullAway.Init")
    private JdbcTimeouts timeouts;

    @SuppressWarnings("NullAway.Init")
    private FallbackDiscovery fallback;

    private volatile @Nullable JoinGuard guard;

    /** Candidates handed to GMS, which never forgets one; a dead one is taken back by clearing its flag. */
    private final Map<Address, PingData> offered = new HashMap<>();

    /** Coordinators that have answered at an address that is not from the table, in the current search. */
    private final Map<Address, PingData> heard = new ConcurrentHashMap<>();

    /** The number of looks for members of jdbc-ping since the connect. */
    private int stockSearches;

    public JDBC_PING_LEASE() {
        SupportedVersions.ofPack().require();
        // Who is asked at an address that a starting node was told names its coordinator too.
        return_entire_cache = true;
    }

    @Override
    public boolean isDynamic() {
        return true;
    }

    @Override
    public void init() throws Exception {
        super.init();
        ProtocolErrors.named(this, this::readConfiguration);
    }

    private void readConfiguration() throws Exception {
        policy = policy();
        timeouts = timeouts(policy);
        if (stockCluster() == StockCluster.JOIN && stockDiscovery() == null) {
            throw new IllegalArgumentException("stock_cluster=join needs the discovery protocol of jdbc-ping below"
                    + " JDBC_PING_LEASE; insert it, or set stock_cluster=refuse");
        }
        if (async_discovery || num_discovery_runs > 1) {
            throw new IllegalArgumentException("async_discovery=" + async_discovery + " must be false and"
                    + " num_discovery_runs=" + num_discovery_runs
                    + " must be 1: GMS would found a cluster before the first answer is there");
        }
        fallback = new FallbackDiscovery(
                fallbackAddresses(),
                transport.getBindPort(),
                transport.getBindAddress(),
                task -> timer.execute(task, true),
                this::requestMembers);
        prober = transport instanceof PeerProber asker ? asker : null;
        if (prober != null) {
            prober.ownPeers(this::isLeased);
        }
        connections = connections();
    }

    @Override
    public void start() throws Exception {
        tellVersion(log);
        super.start();
        if (isJoinReportIntervalByFormerName()) {
            TransportMessages.ATTRIBUTES_RENAMED.to(log, "diary_interval is join_report_interval");
        }
        ProtocolErrors.named(this, this::startAgent);
    }

    /**
     * True if this member should serve users. From memory, never waits; an outage of the database does not change it.
     */
    public LeaseHealth health() {
        LeaseAgent current = agent;
        return current == null ? new LeaseHealth.Unknown("not started yet") : current.health();
    }

    /** The guard of the current start. */
    private JoinGuard guard() {
        return Objects.requireNonNull(guard);
    }

    /** The next discovery protocol below; null if there is none. */
    private @Nullable Discovery stockDiscovery() {
        Protocol below = down_prot;
        while (below != null && !(below instanceof Discovery)) {
            below = below.getDownProtocol();
        }
        return (Discovery) below;
    }

    @Override
    protected boolean hasStockMembers() {
        return stockCluster() == StockCluster.JOIN;
    }

    /** The search of a joiner asks the protocol of jdbc-ping only where the leases show nobody. */
    @Override
    protected void callFindMembersInAllDiscoveryProtocols(List<Address> members, boolean initial, Responses responses) {
        if (initial && hasStockMembers()) {
            findMembers(members, true, responses);
        } else {
            super.callFindMembersInAllDiscoveryProtocols(members, initial, responses);
            if (members == null && hasStockMembers()) {
                tellOfStock(responses);
            }
        }
    }

    /**
     * Tells MERGE3 of the members without a lease, which the protocol below has found: it sends its views to those of
     * whom it is told, and has given its callback to the topmost discovery protocol alone. Those with a lease are told
     * of from memory, once they are known to use this table.
     */
    private void tellOfStock(Responses responses) {
        Consumer<PingData> callback = discovery_rsp_callback;
        if (callback == null) {
            return;
        }
        for (PingData found : responses) {
            if (!isLeased(found.getPhysicalAddr())) {
                callback.accept(found);
            }
        }
    }

    private void startAgent() throws Exception {
        GMS gms = stack.findProtocol(GMS.class);
        if (gms != null && gms.getMaxJoinAttempts() > 0) {
            DiscoveryMessages.MAX_JOIN_ATTEMPTS_OFF.to(log, gms.getMaxJoinAttempts());
            gms.setMaxJoinAttempts(0);
        }
        JdbcLeaseTableSource source =
                new JdbcLeaseTableSource(connections, table_name, stock_table, create_table, timeouts);
        agent = new LeaseAgent(policy, stockCluster(), source, this, log, "evenkeel-lease-" + local_addr);
        tick(agent);
        guard = new JoinGuard(stack.getChannel(), max_join_time, this::endWaitForJoinResponse);
        guard.begin(getTransport().getTimer(), System.nanoTime());
        awaitTable();
    }

    private void awaitTable() {
        long boundMs = connect_timeout + network_timeout;
        try {
            CompletableFuture.anyOf(agent().start(), guard().stopped()).get(boundMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            DiscoveryMessages.TABLE_SLOW_AT_START.to(log, boundMs);
        } catch (ExecutionException e) {
            stop();
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            stop();
            throw interrupted(e);
        }
    }

    /** A join that was stopped while GMS waits for a coordinator's answer gets one. */
    private void endWaitForJoinResponse(String why) {
        GMS gms = stack.findProtocol(GMS.class);
        if (gms != null && gms.getImpl() instanceof ClientGmsImpl joining) {
            joining.handleJoinResponse(new JoinRsp("the join of " + cluster() + " was ended: " + why));
        }
    }

    private IllegalStateException failed(@Nullable Throwable cause) {
        if (cause instanceof JoinStoppedException) {
            return new IllegalStateException(DiscoveryMessages.JOIN_ENDED.text(
                    cluster(), cause.getMessage(), String.join("; ", agent().joinReport())));
        }
        return cause instanceof LeaseTableException
                ? misconfigured(cause)
                : new IllegalStateException(DiscoveryMessages.JOIN_FAILED.text(cluster_name, cause), cause);
    }

    private IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(
                DiscoveryMessages.JOIN_ENDED.text(cluster(), "interrupted", String.join("; ", agent().joinReport())),
                e);
    }

    /** The name is told with the connect, after the start. */
    private String cluster() {
        return cluster_name == null ? "the cluster" : cluster_name;
    }

    private static IllegalStateException misconfigured(Throwable cause) {
        // Without the cause: its message says all, and Keycloak prints the frames of each one in the chain.
        return new IllegalStateException(DiscoveryMessages.TABLE_REFUSED.text(cause.getMessage()));
    }

    @Override
    public void stop() {
        super.stop();
        stopTicking();
        views.reset();
        LeaseAgent former = agent;
        if (former != null) {
            former.stop(leave_timeout);
        }
        JoinGuard formerGuard = guard;
        if (formerGuard != null) {
            formerGuard.end();
        }
    }

    @Override
    public void handleConnect() {
        offered.clear();
        stockSearches = 0;
        forgetKnown();
        PhysicalAddress physical = physicalAddress(local_addr);
        identity = new LeaseIdentity(
                cluster_name,
                LeaseAddresses.text(local_addr),
                String.valueOf(NameCache.get(local_addr)),
                String.valueOf(physical),
                prober != null
                        ? prober.incarnation()
                        : ThreadLocalRandom.current().nextLong());
        agent().connect(identity);
    }

    @Override
    public void handleDisconnect() {
        agent().leave();
    }

    @Override
    public @Nullable Object down(Event evt) {
        if (evt.getType() == Event.VIEW_CHANGE) {
            views.deliver(evt.getArg(), local_addr, () -> {
                super.down(evt);
                remember(view);
                agent().viewChanged(LeaseAddresses.view(view));
            });
            return null;
        }
        Object result = super.down(evt);
        if (evt.getType() == Event.BECOME_SERVER) {
            agent().serving();
            guard().end();
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

    /**
     * Takes the messages of jdbc-ping's discovery too, where a member that is in one view with that stack sends them to
     * all: passed up, they would be taken for the application's. They say where the member is, as its lease does.
     */
    @Override
    public boolean accept(Message message) {
        return super.accept(message) || isOfStockDiscovery(message);
    }

    @Override
    public @Nullable Object up(Message message) {
        return isOfStockDiscovery(message) ? null : super.up(message);
    }

    private static boolean isOfStockDiscovery(Message message) {
        for (short each : STOCK_DISCOVERY_IDS) {
            if (message.<Header>getHeader(each) instanceof PingHeader) {
                return true;
            }
        }
        return false;
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
        // A member that was offered before and is asked for again did not answer a JOIN; it is offered anew only if it
        // is found.
        offered.values().forEach(data -> data.coord(false));
        heard.clear();
        JoinStep step = await(agent().join());
        while (step instanceof JoinStep.Join join && LeaseAddresses.pingData(join.coordinator()) == null) {
            warnOfDelay("the addresses in the row of its coordinator "
                    + join.coordinator().label() + " cannot be read; is it of another version?");
            pause(joinReportIntervalMs());
            step = await(agent().join());
        }
        if (step instanceof JoinStep.Join join) {
            // Not null: the loop has waited for one that can be read.
            PingData data = Objects.requireNonNull(LeaseAddresses.pingData(join.coordinator()));
            introduce(data);
            if (hasStockMembers()) {
                // It writes this member's row into its table, for those that look there.
                Objects.requireNonNull(stockDiscovery()).findMembers(null, true, false, 0);
            }
            offered.put(data.getAddress(), data);
            responses.addResponse(data, true);
        } else if (step == null) {
            heard.values().forEach(data -> {
                offered.put(data.getAddress(), data);
                responses.addResponse(data, true);
            });
        } else if (!joinStock(responses)) {
            DiscoveryMessages.FOUNDING.to(log, local_addr, cluster_name, ((JoinStep.Found) step).epoch());
            responses.addResponse(
                    new PingData(local_addr, true, identity.name(), physicalAddress(local_addr)).coord(true), true);
        }
    }

    /**
     * Adds the members of jdbc-ping that are found, as that one does; false if there are none, and this member founds.
     * As there, of several that start at once the one with the lowest address founds.
     */
    private boolean joinStock(Responses responses) {
        if (!hasStockMembers()) {
            return false;
        }
        boolean again = stockSearches++ > 0;
        boolean any = false;
        for (PingData found : Objects.requireNonNull(stockDiscovery()).findMembers(null, true, false, 0)) {
            if (found.getAddress().equals(local_addr) || (again && isGone(found))) {
                continue;
            }
            responses.addResponse(found, true);
            any = true;
        }
        return any;
    }

    /** True if nobody listens there any more: jdbc-ping keeps the rows of dead members. */
    private boolean isGone(PingData member) {
        if (prober == null) {
            return false;
        }
        try {
            ProbeResult result = prober.probe(member.getPhysicalAddr(), probe_timeout)
                    .toCompletableFuture()
                    .get(2 * probe_timeout, TimeUnit.MILLISECONDS);
            return result instanceof ProbeResult.Refused;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Tells the coordinator our physical address before it has to answer our JOIN. */
    private void introduce(PingData coordinator) {
        addDiscoveryResponseToCaches(
                coordinator.getAddress(), coordinator.getLogicalName(), coordinator.getPhysicalAddr());
        if (hasStockMembers() && !isLeased(coordinator.getPhysicalAddr())) {
            // It finds the address in its own table. Without this protocol, the message would reach its application.
            return;
        }
        sendDiscoveryResponse(
                local_addr, physicalAddress(local_addr), identity.name(), coordinator.getAddress(), false);
    }

    private void pause(long ms) {
        try {
            guard().stopped().get(ms, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Nobody ended the join meanwhile.
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Null if the table does not answer, and a coordinator does that was asked without it. */
    private @Nullable JoinStep await(CompletableFuture<JoinStep> step) {
        CompletableFuture<Object> either = CompletableFuture.anyOf(guard().stopped(), step);
        long reportMs = joinReportIntervalMs();
        long pollMs = fallback.isConfigured() ? Math.min(FALLBACK_POLL_MS, reportMs) : reportMs;
        long nextReportNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(reportMs);
        while (true) {
            try {
                return (JoinStep) either.get(pollMs, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long nowNs = System.nanoTime();
                if (foundBesideTheTable(step, nowNs)) {
                    return null;
                }
                if (nowNs - nextReportNs >= 0) {
                    nextReportNs = nowNs + TimeUnit.MILLISECONDS.toNanos(reportMs);
                    agent().joinReport().forEach(this::warnOfDelay);
                    if (fallback.isConfigured() && !agent().databaseUp()) {
                        warnOfDelay(fallback.joinReport());
                    }
                }
            } catch (ExecutionException e) {
                throw failed(e.getCause());
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private void warnOfDelay(String why) {
        DiscoveryMessages.NOT_JOINED_YET.to(log, local_addr, cluster_name, why);
    }

    /** Asks for members at the operator's addresses while the table does not answer. */
    private boolean foundBesideTheTable(CompletableFuture<JoinStep> step, long nowNs) {
        if (!fallback.isConfigured() || agent().databaseUp()) {
            return false;
        }
        if (!heard.isEmpty() && step.cancel(false)) {
            DiscoveryMessages.JOINING_BESIDE_TABLE.to(log, local_addr, cluster_name, fallback.addresses());
            return true;
        }
        fallback.ask(nowNs);
        return false;
    }

    private void requestMembers(PhysicalAddress address) {
        PingData own = new PingData(local_addr, false, identity.name(), physicalAddress(local_addr));
        if (address.equals(own.getPhysicalAddr())) {
            return;
        }
        down_prot.down(new BytesMessage(address)
                .setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE)
                .setFlag(Message.TransientFlag.DONT_LOOPBACK)
                .putHeader(
                        id,
                        new PingHeader(PingHeader.GET_MBRS_REQ)
                                .clusterName(cluster_name)
                                .initialDiscovery(true))
                .setArray(marshal(own)));
    }

    @Override
    protected void addResponse(PingData response, boolean overwrite) {
        if (response.isCoord()) {
            heard.put(response.getAddress(), response);
        }
        super.addResponse(response, overwrite);
    }
}
