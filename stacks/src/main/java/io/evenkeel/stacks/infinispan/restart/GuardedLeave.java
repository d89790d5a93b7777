package io.evenkeel.stacks.infinispan.restart;

import io.evenkeel.stacks.infinispan.restart.core.LeaveGuard;
import io.evenkeel.stacks.log.StackMessages;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.lifecycle.ComponentStatus;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.registry.InternalCacheRegistry;
import org.infinispan.remoting.transport.Address;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.topology.CacheTopology;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/**
 * The leave of this node: announces it to the others, and delays it while {@link LeaveGuard} finds that copies would be
 * lost.
 *
 * <p>Infinispan tells its modules of a stop only when the first cache is already stopping, too late for that cache to
 * serve or to hand anything over. So an empty local cache is added, which stops first. Keycloak from 26.7.5 on (its
 * pull request 52477) leaves its distributed caches while they run, before it stops them: there the first such leave
 * begins it.
 */
public final class GuardedLeave {
    private static final Log LOG = LogFactory.getLog(GuardedLeave.class);
    private static final String FIRST_TO_STOP = "io.evenkeel.first-to-stop";
    private static final long FIRST_LOOKS_MS = 100;
    private static final long LOOK_INTERVAL_MS = 1_000;
    private static final long REBALANCE_TIMEOUT_MS = 10_000;

    private final GlobalComponentRegistry registry;
    private final RestartClusterTopologyManager coordinator;
    private final EmbeddedCacheManager manager;
    private final RestartLocalTopologyManager topologies;
    private final Transport transport;
    private final LeaveGuard<Address> guard;
    private final AtomicBoolean begun = new AtomicBoolean();

    private GuardedLeave(GlobalComponentRegistry registry, RestartClusterTopologyManager coordinator) {
        this.registry = registry;
        this.coordinator = coordinator;
        manager = registry.getCacheManager();
        topologies = (RestartLocalTopologyManager) registry.getLocalTopologyManager();
        transport = registry.getComponent(Transport.class);
        guard = new LeaveGuard<>(transport.getAddress(), Comparator.<Address>naturalOrder());
    }

    /** Called when a clustered cache manager has started. */
    public static GuardedLeave of(GlobalComponentRegistry registry) {
        GuardedLeave leave =
                new GuardedLeave(registry, (RestartClusterTopologyManager) registry.getClusterTopologyManager());
        registry.getComponent(InternalCacheRegistry.class)
                .registerInternalCache(FIRST_TO_STOP, new ConfigurationBuilder().build());
        leave.manager.getCache(FIRST_TO_STOP);
        leave.manager.getCacheNames().forEach(leave::stopBefore);
        leave.topologies.beforeLeave(leave::leaving);
        return leave;
    }

    /** Makes a cache stop after the leave has been announced. */
    public void stopBefore(String cacheName) {
        if (!cacheName.equals(FIRST_TO_STOP)) {
            manager.addCacheDependency(FIRST_TO_STOP, cacheName);
        }
    }

    /** Called when a cache stops. */
    public void stopping(String cacheName) {
        if (cacheName.equals(FIRST_TO_STOP)) {
            begin();
        }
    }

    /**
     * A cache that stops by itself is stopping when it is left; one that runs is left because the node is going to
     * stop.
     */
    private void leaving(String cacheName) {
        ComponentRegistry cache = registry.getNamedComponentRegistry(cacheName);
        if (cache != null && cache.getStatus() == ComponentStatus.RUNNING) {
            begin();
        }
    }

    private void begin() {
        if (begun.compareAndSet(false, true) && transport.getMembers().size() > 1) {
            coordinator.announceLeave();
            try {
                awaitCopies();
            } finally {
                coordinator.announceGoing();
            }
        }
    }

    private void awaitCopies() {
        long beginNs = System.nanoTime();
        long guardMs = coordinator.options().guardMs();
        boolean waits = false;
        while (true) {
            long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs);
            Map<String, Integer> sole = soleSegments(waitedMs);
            if (sole.isEmpty()) {
                if (waits) {
                    StackMessages.LEAVE_SAFE.to(LOG, waitedMs);
                }
                return;
            }
            if (waitedMs >= guardMs || isWaitInVain(sole.keySet(), waitedMs)) {
                StackMessages.LEAVE_LOSES.to(LOG, sole, guardMs);
                return;
            }
            if (!waits) {
                waits = true;
                StackMessages.LEAVE_WAITS.to(LOG, sole, guardMs);
            }
            LockSupport.parkNanos(
                    this,
                    TimeUnit.MILLISECONDS.toNanos(waitedMs < REBALANCE_TIMEOUT_MS ? FIRST_LOOKS_MS : LOOK_INTERVAL_MS));
        }
    }

    /**
     * True if no rebalance will come; never before the coordinator has had time to hear of the leave, which ends a
     * grace.
     */
    private boolean isWaitInVain(Set<String> cacheNames, long waitedMs) {
        return Thread.currentThread().isInterrupted()
                || (waitedMs >= REBALANCE_TIMEOUT_MS && cacheNames.stream().noneMatch(this::isRebalanced));
    }

    private boolean isRebalanced(String cacheName) {
        try {
            return topologies.isCacheRebalancingEnabled(cacheName);
        } catch (Exception e) {
            LOG.debug(String.format("Not known whether %s is rebalanced", cacheName), e);
            return true;
        }
    }

    /** The number of segments of which this node has the only copy, by cache; without the caches that have none. */
    private Map<String, Integer> soleSegments(long waitedMs) {
        // In this order: a member that goes in between is among the leaving ones, or not among the present ones.
        LeaveGuard.Leave<Address> leave = coordinator.leave();
        Set<Address> present = Set.copyOf(transport.getMembers());
        Map<String, Integer> all = new TreeMap<>();
        for (String cacheName : registry.getCacheManager().getCacheNames()) {
            CacheTopology topology = topologies.getCacheTopology(cacheName);
            if (topology != null && keepsCopies(manager.getCacheConfiguration(cacheName))) {
                ConsistentHash owners = topology.getCurrentCH();
                int sole = guard.soleSegments(
                        new LeaveGuard.Owners<>(
                                owners.getMembers(), owners.getNumSegments(), owners::locateOwnersForSegment),
                        present,
                        leave,
                        waitedMs);
                if (sole > 0) {
                    all.put(cacheName, sole);
                }
            }
        }
        return all;
    }

    private static boolean keepsCopies(Configuration configuration) {
        CacheMode mode = configuration.clustering().cacheMode();
        return mode.needsStateTransfer()
                && (mode.isReplicated() || configuration.clustering().hash().numOwners() > 1);
    }
}
