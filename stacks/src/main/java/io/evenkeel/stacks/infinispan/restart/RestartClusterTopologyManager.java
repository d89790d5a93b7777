package io.evenkeel.stacks.infinispan.restart;

import io.evenkeel.stacks.infinispan.restart.LeaveAnnouncement.Kind;
import io.evenkeel.stacks.infinispan.restart.core.LeaveGuard;
import io.evenkeel.stacks.infinispan.restart.core.RestartGrace;
import io.evenkeel.stacks.infinispan.restart.core.RestartGrace.Over;
import io.evenkeel.stacks.log.StackMessages;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.infinispan.commons.time.TimeService;
import org.infinispan.commons.util.concurrent.CompletableFutures;
import org.infinispan.configuration.ConfigurationManager;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.notifications.cachemanagerlistener.CacheManagerNotifier;
import org.infinispan.remoting.inboundhandler.DeliverOrder;
import org.infinispan.remoting.transport.Address;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.impl.VoidResponseCollector;
import org.infinispan.topology.CacheJoinInfo;
import org.infinispan.topology.CacheStatusResponse;
import org.infinispan.topology.CacheTopology;
import org.infinispan.topology.ClusterCacheStatus;
import org.infinispan.topology.ClusterTopologyManagerImpl;
import org.infinispan.topology.LocalTopologyManager;
import org.infinispan.topology.RebalancingStatus;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/**
 * Infinispan's coordinator of topologies, which holds back the rebalance of what a restarting member left, as {@link
 * RestartGrace} decides.
 *
 * <p>It uses the switch for rebalancing that each cache has. That switch is in the coordinator alone, and is on in a
 * new coordinator, so that a grace leaves nothing behind. The switch of the whole cluster would: a new coordinator
 * takes it for off as long as one member remembers it so.
 */
public class RestartClusterTopologyManager extends ClusterTopologyManagerImpl {
    private static final Log LOG = LogFactory.getLog(RestartClusterTopologyManager.class);
    private static final long ANNOUNCE_TIMEOUT_MS = 2_000;

    /** For a replaced pod to be started and found ready, and the old one to be told to stop. */
    private static final long SURGE_WINDOW_MS = TimeUnit.MINUTES.toMillis(2);

    private static final Optional<InheritedMethod> TIMED_LEAVE = InheritedMethod.find(
            MethodHandles.lookup(),
            "handleLeave",
            MethodType.methodType(CompletionStage.class, String.class, Address.class, long.class, TimeUnit.class));

    /** Held while a decision is made and carried out. Never taken under a lock of Infinispan's. */
    private final Object decision = new Object();

    /** Guarded by itself, as it is asked under Infinispan's locks too. */
    private final RestartGrace<Address> grace;

    private final RestartOptions options;
    private final ConcurrentMap<String, CacheTopology> ownBeforeLeave = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private Transport transport;

    @SuppressWarnings("NullAway.Init")
    private LocalTopologyManager local;

    @SuppressWarnings("NullAway.Init")
    private ConfigurationManager configurations;

    @SuppressWarnings("NullAway.Init")
    private CacheManagerNotifier notifier;

    @SuppressWarnings("NullAway.Init")
    private ScheduledExecutorService scheduler;

    @SuppressWarnings("NullAway.Init")
    private TimeService time;

    @SuppressWarnings("NullAway.Init")
    private ViewListener viewListener;

    RestartClusterTopologyManager(RestartOptions options) {
        this.options = options;
        grace = new RestartGrace<>(options.graceMs(), SURGE_WINDOW_MS);
    }

    /** Called by Infinispan once, before the start. */
    void inject(
            Transport transport,
            LocalTopologyManager local,
            ConfigurationManager configurations,
            CacheManagerNotifier notifier,
            ScheduledExecutorService scheduler,
            TimeService time) {
        this.transport = transport;
        this.local = local;
        this.configurations = configurations;
        this.notifier = notifier;
        this.scheduler = scheduler;
        this.time = time;
    }

    void startListening() {
        viewListener = new ViewListener(this);
        notifier.addListener(viewListener);
        viewChanged(transport.getMembers(), false);
    }

    void stopListening() {
        notifier.removeListener(viewListener);
    }

    RestartOptions options() {
        return options;
    }

    /** Tells all members that this one is going to leave. */
    void announceLeave() {
        boolean expectedBack;
        synchronized (grace) {
            expectedBack = grace.expectedBack(nowMs());
        }
        tellAll(expectedBack ? Kind.EXPECTED_BACK : Kind.REPLACED);
    }

    /** Tells all members that this one waits for no copies any more. Does not wait for their answers. */
    void announceGoing() {
        tell(Kind.GOING).exceptionally(e -> {
            LOG.debug("Not every member has heard that this one goes", e);
            return null;
        });
    }

    /** Tells all members that this one has left all of its caches, if it has announced its leave. */
    void announceLeft() {
        if (leaving().contains(transport.getAddress())) {
            tellAll(Kind.CACHES_LEFT);
        }
    }

    private void tellAll(Kind kind) {
        try {
            tell(kind).toCompletableFuture().get(ANNOUNCE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug(String.format("Not every member has heard that this one leaves: %s", kind), e);
        }
    }

    private CompletionStage<Void> tell(Kind kind) {
        LeaveAnnouncement announcement =
                new LeaveAnnouncement(transport.getAddress().getNodeUUID(), kind);
        announced(announcement);
        try {
            return transport.invokeCommandOnAll(
                    announcement.toCommand(),
                    VoidResponseCollector.ignoreLeavers(),
                    DeliverOrder.NONE,
                    ANNOUNCE_TIMEOUT_MS,
                    TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            // The channel may be closed by now.
            return CompletableFuture.failedFuture(e);
        }
    }

    Set<Address> leaving() {
        return leave().leaving();
    }

    LeaveGuard.Leave<Address> leave() {
        synchronized (grace) {
            return new LeaveGuard.Leave<>(grace.leaving(), grace.going());
        }
    }

    /**
     * The topology of a cache that this member is about to leave: Infinispan forgets it before it handles the leave.
     */
    void leaving(String cacheName, CacheTopology topology) {
        if (topology != null) {
            ownBeforeLeave.put(cacheName, topology);
        }
    }

    /** Infinispan's, below 16.2. */
    @Override
    public CompletionStage<Void> handleLeave(String cacheName, Address leaver) throws Exception {
        holdIfExpectedBack(cacheName, leaver);
        return super.handleLeave(cacheName, leaver);
    }

    /**
     * Infinispan's, from 16.2 on.
     *
     * @param timeout how long the leaver waits until others have what it held; none if it is not above 0
     */
    @SuppressWarnings("unchecked")
    public CompletionStage<Void> handleLeave(String cacheName, Address leaver, long timeout, TimeUnit unit)
            throws Exception {
        if (timeout <= 0) {
            holdIfExpectedBack(cacheName, leaver);
        }
        return (CompletionStage<Void>) TIMED_LEAVE.orElseThrow().call(this, cacheName, leaver, timeout, unit);
    }

    private void holdIfExpectedBack(String cacheName, Address leaver) {
        CacheTopology topology = leaver.equals(transport.getAddress())
                ? ownBeforeLeave.remove(cacheName)
                : local.getCacheTopology(cacheName);
        if (topology != null && transport.isCoordinator() && stateMoves(cacheName)) {
            try {
                holdIfExpectedBack(cacheName, leaver, topology);
            } catch (RuntimeException e) {
                StackMessages.NO_GRACE.withTraceTo(LOG, e, leaver, cacheName, e);
                setRebalancingEnabled(cacheName, true);
            }
        }
    }

    private void holdIfExpectedBack(String cacheName, Address leaver, CacheTopology topology) {
        synchronized (decision) {
            // Not held where it is off already: turning it on again belongs to the one that turned it off.
            if (!isRebalancingEnabled(cacheName)
                    || !hasExpectedMembers(cacheName, topology)
                    || !cacheLeft(cacheName, leaver, topology)) {
                return;
            }
            super.setRebalancingEnabled(cacheName, false);
            // A joiner that was queued between the look and the switch must not wait for the end of the grace.
            if (!hasExpectedMembers(cacheName, topology)) {
                letGo(joined(cacheName));
            }
        }
    }

    private boolean cacheLeft(String cacheName, Address leaver, CacheTopology topology) {
        boolean settled =
                topology.getPendingCH() == null && getRebalancingStatus(cacheName) == RebalancingStatus.COMPLETE;
        return cacheLeft(cacheName, leaver, topology, settled);
    }

    private boolean cacheLeft(String cacheName, Address leaver, CacheTopology topology, boolean settled) {
        ConsistentHash owners = topology.getCurrentCH();
        boolean sole = IntStream.range(0, owners.getNumSegments())
                .anyMatch(segment -> owners.locateOwnersForSegment(segment).equals(List.of(leaver)));
        boolean first;
        boolean holds;
        synchronized (grace) {
            first = grace.nextTickMs(nowMs()).isEmpty();
            holds = grace.cacheLeft(
                    cacheName,
                    leaver,
                    new RestartGrace.Owners<>(new HashSet<>(owners.getMembers()), settled, sole),
                    nowMs());
        }
        if (holds && first) {
            scheduleTick();
            StackMessages.GRACE_BEGINS.to(LOG, leaver, TimeUnit.MILLISECONDS.toSeconds(options.graceMs()));
        }
        return holds;
    }

    /** Nobody else has joined or left the cache of late. */
    private boolean hasExpectedMembers(String cacheName, CacheTopology topology) {
        List<Address> expected = currentJoiners(cacheName);
        return expected != null
                && new HashSet<>(expected)
                        .equals(new HashSet<>(topology.getCurrentCH().getMembers()));
    }

    private boolean stateMoves(String cacheName) {
        Configuration configuration = configurations.getConfiguration(cacheName, true);
        return configuration != null && configuration.clustering().cacheMode().needsStateTransfer();
    }

    @Override
    public CompletionStage<CacheStatusResponse> handleJoin(
            String cacheName, Address joiner, CacheJoinInfo joinInfo, int joinerViewId) {
        return super.handleJoin(cacheName, joiner, joinInfo, joinerViewId).thenApply(response -> {
            // Before the joiner has its answer, as it would not wait for its state if it found rebalancing off.
            if (response != null) {
                synchronized (decision) {
                    letGo(joined(cacheName));
                }
            }
            return response;
        });
    }

    private Optional<Over<Address>> joined(String cacheName) {
        synchronized (grace) {
            return grace.cacheJoined(cacheName);
        }
    }

    @Override
    public CompletionStage<Void> setRebalancingEnabled(String cacheName, boolean enabled) {
        Optional<LeaveAnnouncement> announcement = LeaveAnnouncement.parse(cacheName);
        if (announcement.isPresent()) {
            announced(announcement.get());
            return CompletableFutures.completedNull();
        }
        if (cacheName != null) {
            synchronized (grace) {
                grace.switched(cacheName).ifPresent(RestartClusterTopologyManager::log);
            }
        }
        return super.setRebalancingEnabled(cacheName, enabled);
    }

    private void announced(LeaveAnnouncement announcement) {
        LOG.debug("%s has heard of %s", transport.getAddress(), announcement);
        synchronized (decision) {
            Optional<Over<Address>> over;
            synchronized (grace) {
                over = transport.getMembers().stream()
                        .filter(member -> member.getNodeUUID().equals(announcement.nodeUuid()))
                        .findAny()
                        .flatMap(member -> take(member, announcement.kind()));
            }
            letGo(over);
        }
    }

    private Optional<Over<Address>> take(Address member, Kind kind) {
        return switch (kind) {
            case EXPECTED_BACK -> grace.leaveAnnounced(member, true);
            case REPLACED -> grace.leaveAnnounced(member, false);
            case GOING -> grace.goes(member);
            case CACHES_LEFT -> {
                grace.cachesLeft(member);
                yield Optional.empty();
            }
        };
    }

    void viewChanged(List<Address> members, boolean merge) {
        synchronized (decision) {
            Optional<Over<Address>> over;
            synchronized (grace) {
                over = grace.view(new HashSet<>(members), merge, nowMs());
            }
            letGo(over);
        }
    }

    /**
     * Holds back what a coordinator left that has announced it, before the caches are recovered from what the members
     * know.
     *
     * @param cacheNames that run on this member
     */
    void beforeRecovery(Set<String> cacheNames) {
        if (getStatus() != ClusterManagerStatus.RECOVERING_CLUSTER) {
            return;
        }
        // The listener may not have seen this view yet.
        viewChanged(transport.getMembers(), false);
        Optional<Address> departed;
        synchronized (grace) {
            departed = grace.departed();
        }
        departed.ifPresent(leaver -> cacheNames.forEach(cacheName -> holdBeforeRecovery(cacheName, leaver)));
    }

    private void holdBeforeRecovery(String cacheName, Address leaver) {
        CacheTopology topology = local.getCacheTopology(cacheName);
        synchronized (decision) {
            if (topology != null
                    && stateMoves(cacheName)
                    && cacheLeft(cacheName, leaver, topology, topology.getPendingCH() == null)) {
                // As the default is, for a status that does not exist yet.
                setInitialCacheTopologyId(cacheName, ClusterCacheStatus.INITIAL_TOPOLOGY_ID);
                super.setRebalancingEnabled(cacheName, false);
            }
        }
    }

    private void scheduleTick() {
        Optional<Long> nextTickMs;
        synchronized (grace) {
            nextTickMs = grace.nextTickMs(nowMs());
        }
        nextTickMs.ifPresent(delayMs -> scheduler.schedule(this::tick, delayMs, TimeUnit.MILLISECONDS));
    }

    private void tick() {
        synchronized (decision) {
            Optional<Over<Address>> over;
            synchronized (grace) {
                over = grace.tick(nowMs());
            }
            letGo(over);
        }
        scheduleTick();
    }

    private void letGo(Optional<Over<Address>> ended) {
        ended.ifPresent(over -> {
            log(over);
            if (transport.isCoordinator()) {
                over.caches().forEach(this::switchOn);
            }
        });
    }

    private void switchOn(String cacheName) {
        try {
            super.setRebalancingEnabled(cacheName, true);
        } catch (RuntimeException e) {
            // It is on, but Infinispan could not start what is due, as while it recovers a cache: it does so then.
            LOG.debug(String.format("No rebalance of %s yet", cacheName), e);
        }
    }

    private static void log(Over<Address> over) {
        if (over.last()) {
            StackMessages.GRACE_OVER.to(LOG, over.leaver(), over.end());
        }
        LOG.debug("Rebalancing goes on for %s", over.caches());
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(time.time());
    }
}
