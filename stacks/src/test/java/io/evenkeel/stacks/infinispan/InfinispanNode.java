package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.infinispan.Cache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.context.Flag;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.jgroups.EmbeddedJGroupsChannelConfigurator;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.LOCAL_PING;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Responses;

/**
 * A node of embedded Infinispan over TCP on loopback, with STATE_FC, and one cache, distributed to two owners unless it
 * is told otherwise.
 */
final class InfinispanNode implements AutoCloseable {
    /** A leave is to move state. */
    private static final Map<String, String> WITHOUT_GRACE = Map.of(RestartOptions.GRACE, "0");

    private final DefaultCacheManager manager;
    private final String cacheName;
    private final StateFcStack stack;

    InfinispanNode(String clusterName, String cacheName, int chunkEntries) {
        this(clusterName, cacheName, chunkEntries, CacheMode.DIST_SYNC, STATE_FC.class);
    }

    InfinispanNode(
            String clusterName, String cacheName, int chunkEntries, CacheMode mode, Class<? extends STATE_FC> type) {
        this(clusterName, cacheName, chunkEntries, mode, type, true, WITHOUT_GRACE);
    }

    /** One that is there while its state still comes. */
    static InfinispanNode withoutAwaitingState(String clusterName, String cacheName, int chunkEntries) {
        return new InfinispanNode(
                clusterName, cacheName, chunkEntries, CacheMode.DIST_SYNC, STATE_FC.class, false, WITHOUT_GRACE);
    }

    /** One that is restarted as the properties of its transport say. */
    static InfinispanNode with(
            String clusterName, String cacheName, boolean awaitsState, Map<String, String> transportProperties) {
        return new InfinispanNode(
                clusterName, cacheName, 64, CacheMode.DIST_SYNC, STATE_FC.class, awaitsState, transportProperties);
    }

    private InfinispanNode(
            String clusterName,
            String cacheName,
            int chunkEntries,
            CacheMode mode,
            Class<? extends STATE_FC> type,
            boolean awaitsState,
            Map<String, String> transportProperties) {
        this(
                clusterName,
                Map.of(cacheName, distributed(mode, chunkEntries, awaitsState)),
                type,
                global -> transportProperties.forEach(global.transport()::addProperty));
        start();
    }

    /** As an argument of the constructor. */
    static void withoutGrace(GlobalConfigurationBuilder global) {
        WITHOUT_GRACE.forEach(global.transport()::addProperty);
    }

    private static Configuration distributed(CacheMode mode, int chunkEntries, boolean awaitsState) {
        ConfigurationBuilder configuration = new ConfigurationBuilder();
        configuration
                .clustering()
                .cacheMode(mode)
                .hash()
                .numOwners(2)
                .stateTransfer()
                .awaitInitialTransfer(awaitsState)
                .chunkSize(chunkEntries);
        return configuration.build();
    }

    /**
     * One that is not started, with caches of the test's own, and with what the test adds to Infinispan's
     * configuration.
     */
    InfinispanNode(
            String clusterName,
            Map<String, Configuration> caches,
            Class<? extends STATE_FC> type,
            Consumer<GlobalConfigurationBuilder> more) {
        stack = new StateFcStack(type);
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport()
                .clusterName(clusterName)
                .jgroups()
                .addStack(stack.getName())
                .channelConfigurator(stack);
        global.transport().stack(stack.getName());
        more.accept(global);
        manager = new DefaultCacheManager(global.build(), false);
        caches.forEach(manager::defineConfiguration);
        cacheName = caches.keySet().iterator().next();
    }

    /** Starts it and its caches, and waits for their state. */
    InfinispanNode start() {
        manager.start();
        return this;
    }

    /** The first of its caches. */
    Cache<String, byte[]> cache() {
        return manager.getCache(cacheName);
    }

    DefaultCacheManager manager() {
        return manager;
    }

    STATE_FC stateFc() {
        return stack.stateFc;
    }

    Address address() {
        return stack.stateFc.getAddress();
    }

    String name() {
        return manager.getNodeAddress();
    }

    /** The members of the cache as this node knows them, once no rebalance is under way; none until then. */
    List<org.infinispan.remoting.transport.Address> settledMembers() {
        LocalizedCacheTopology topology =
                cache().getAdvancedCache().getDistributionManager().getCacheTopology();
        return topology.getPendingCH() == null ? topology.getMembers() : List.of();
    }

    /** True if the coordinator would rebalance the cache; as a user would ask. */
    boolean isRebalancingEnabled() {
        try {
            return GlobalComponentRegistry.of(manager).getLocalTopologyManager().isCacheRebalancingEnabled(cacheName);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    org.infinispan.remoting.transport.Address infinispanAddress() {
        return manager.getAddress();
    }

    boolean isCoordinator() {
        return manager.isCoordinator();
    }

    /** The members of the cluster as this node knows them. */
    int clusterSize() {
        return manager.getMembers() == null ? 0 : manager.getMembers().size();
    }

    /** Cuts this node off, or connects it again. */
    void cut(boolean off) {
        stack.cut.discardAll(off);
    }

    /** Cuts this node off for ever, and hides it from all others. */
    void kill() {
        cut(true);
        stack.discovery.handleDisconnect();
    }

    /** True if the failure detector has yet to verify that a member is dead. */
    boolean hasSuspects() {
        return !stack.verifier.getSuspects().equals("[]");
    }

    /** Cuts the link from another node to this one, in this direction only. */
    void cutFrom(InfinispanNode other) {
        stack.cut.addIgnoreMember(other.address());
    }

    /** Connects all links to this node again that were cut alone. */
    void connectLinks() {
        stack.cut.resetIgnoredMembers();
    }

    /** Tells the failure detector of this node that another one does not answer; it is asked once more then. */
    void suspect(InfinispanNode other) {
        stack.detector.getUpProtocol().up(new Event(Event.SUSPECT, List.of(other.address())));
    }

    /**
     * Makes the failure detector believe what it is told, and find out nothing by itself: all of a slow machine's nodes
     * pause.
     */
    void detectWhatItIsTold() {
        stack.detector.setTimeout(TimeUnit.MINUTES.toMillis(10));
        stack.detector
                .getProtocolStack()
                .<VERIFY_SUSPECT2>findProtocol(VERIFY_SUSPECT2.class)
                .setTimeout(300);
    }

    int storedEntries() {
        return cache().getAdvancedCache().getDataContainer().size();
    }

    /** The entries that this node holds itself, its own or not. */
    Map<String, byte[]> stored() {
        return stored(cacheName);
    }

    Map<String, byte[]> stored(String name) {
        return new HashMap<>(manager.<String, byte[]>getCache(name)
                .getAdvancedCache()
                .withFlags(Flag.CACHE_MODE_LOCAL, Flag.SKIP_OWNERSHIP_CHECK));
    }

    long bulkMessages() {
        return stateFc().getBulkMessagesSent() + stateFc().getBulkMessagesReceived();
    }

    @Override
    public void close() {
        manager.stop();
    }

    /** Answers MERGE3 too, which without multicast waits for a callback that LOCAL_PING does not make. */
    public static final class MergingLocalPing extends LOCAL_PING {
        public MergingLocalPing() {
            setId(ClassConfigurator.getProtocolId(LOCAL_PING.class));
        }

        @Override
        public void findMembers(List<Address> members, boolean initialDiscovery, Responses responses) {
            super.findMembers(members, initialDiscovery, responses);
            if (!initialDiscovery && discovery_rsp_callback != null) {
                responses.forEach(discovery_rsp_callback);
            }
        }
    }

    /** TCP on loopback with STATE_FC on top; discovery inside the JVM lets every node take a port that is free. */
    private static final class StateFcStack extends EmbeddedJGroupsChannelConfigurator {
        // Without tcp_nodelay, Nagle's algorithm and delayed acknowledgements cost each small RPC some 18 ms.
        private static final Map<String, String> TCP_PROPERTIES =
                Map.of("bind_addr", "127.0.0.1", "bind_port", "0", "diag.enabled", "false", "tcp_nodelay", "true");

        private STATE_FC stateFc;
        private DISCARD cut;
        private FD_ALL3 detector;
        private VERIFY_SUSPECT2 verifier;
        private LOCAL_PING discovery;

        StateFcStack(Class<? extends STATE_FC> type) {
            super("state-fc", protocols(type), null);
        }

        private static List<ProtocolConfiguration> protocols(Class<? extends STATE_FC> type) {
            return List.of(
                    new ProtocolConfiguration("TCP", TCP_PROPERTIES),
                    new ProtocolConfiguration("DISCARD", Map.of()),
                    new ProtocolConfiguration(MergingLocalPing.class.getName(), Map.of()),
                    new ProtocolConfiguration("MERGE3", Map.of("min_interval", "500", "max_interval", "1500")),
                    new ProtocolConfiguration("FD_ALL3", Map.of("timeout", "5000", "interval", "1000")),
                    // A node that is only slow answers.
                    new ProtocolConfiguration("VERIFY_SUSPECT2", Map.of("timeout", "4000")),
                    new ProtocolConfiguration("pbcast.NAKACK2", Map.of()),
                    new ProtocolConfiguration("UNICAST3", Map.of()),
                    new ProtocolConfiguration("pbcast.STABLE", Map.of()),
                    new ProtocolConfiguration("pbcast.GMS", Map.of()),
                    new ProtocolConfiguration("UFC", Map.of()),
                    new ProtocolConfiguration("MFC", Map.of()),
                    new ProtocolConfiguration("FRAG4", Map.of()),
                    new ProtocolConfiguration(type.getName(), Map.of()));
        }

        @Override
        public void afterCreation(Protocol protocol) {
            super.afterCreation(protocol);
            if (protocol instanceof STATE_FC created) {
                stateFc = created;
            } else if (protocol instanceof DISCARD created) {
                cut = created;
            } else if (protocol instanceof FD_ALL3 created) {
                detector = created;
            } else if (protocol instanceof VERIFY_SUSPECT2 created) {
                verifier = created;
            } else if (protocol instanceof LOCAL_PING created) {
                discovery = created;
            }
        }
    }
}
