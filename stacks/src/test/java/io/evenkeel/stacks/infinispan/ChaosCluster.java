package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.infinispan.commons.time.DefaultTimeService;
import org.infinispan.commons.time.TimeService;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.factories.impl.BasicComponentRegistry;
import org.infinispan.remoting.transport.Address;
import org.infinispan.topology.ClusterTopologyManager;
import org.infinispan.topology.RebalancingStatus;

/**
 * Nodes that are started, stopped, killed and split from each other, the users of their caches, and what has to be true
 * once it is quiet: every entry that a user was told is written has its copies, the switches of rebalancing are on and
 * nothing is due.
 *
 * <p>A node that is killed is cut off, and a failure detector that is quick and right says so to the others and to
 * itself, for its process goes on.
 */
final class ChaosCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(2);
    static final Map<String, String> FOR_EVER = Map.of(RestartOptions.GRACE, "1h", RestartOptions.GUARD, "1h");
    /** An internal cache of Infinispan's, which is held and let go like the others. */
    private static final String CONFIG = "org.infinispan.CONFIG";

    private static final Duration SURGE_WINDOW = Duration.ofMinutes(2);
    /** A joiner that is cut off waits for its state for 4 minutes. */
    private static final Duration DEATH_LIMIT = Duration.ofMinutes(5);

    private static final long DETECTION_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name = "chaos-" + UUID.randomUUID();
    private final Map<String, String> properties;
    private final long beginNs = System.nanoTime();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final List<Member> all = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CompletableFuture<Void>> leaves = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<?>> joinsAndDeaths = new CopyOnWriteArrayList<>();
    private final ShiftedTime time = new ShiftedTime();
    private final ChaosUsers users;
    private volatile boolean closed;

    /** A node and its fate. */
    static final class Member {
        final InfinispanNode node;
        /** Side of a split that it is on. */
        volatile int side;

        volatile boolean started;
        volatile boolean leaving;
        volatile boolean dead;

        Member(InfinispanNode node) {
            this.node = node;
        }

        boolean serves() {
            return started && !leaving && !dead;
        }

        boolean isLinkedTo(Member other) {
            return this == other || (!dead && !other.dead && side == other.side);
        }

        LocalizedCacheTopology topology(String cacheName) {
            return node.manager()
                    .getCache(cacheName)
                    .getAdvancedCache()
                    .getDistributionManager()
                    .getCacheTopology();
        }

        @Override
        public String toString() {
            return node.name();
        }
    }

    /** Lets the time of nodes jump. */
    private static final class ShiftedTime extends DefaultTimeService {
        private final AtomicLong aheadNs = new AtomicLong();

        @Override
        public long time() {
            return super.time() + aheadNs.get();
        }
    }

    ChaosCluster(long seed, Map<String, String> transportProperties) {
        properties = transportProperties;
        users = new ChaosUsers(seed, this::serving);
        CompletableFuture.runAsync(this::detect, threads);
    }

    /** Starts it with so many nodes, so long ago that a further one fills no gap. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            join().join();
        }
        users.fill();
        settle();
        time.aheadNs.addAndGet(SURGE_WINDOW.toNanos());
        users.start(threads);
    }

    void tell(String what) {
        story.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs) + " ms: " + what);
    }

    String story() {
        return users.counts() + "\n" + String.join("\n", story);
    }

    /** Members that are there, leaving ones included; the coordinator first. */
    List<Member> alive() {
        List<Member> some = new ArrayList<>(all);
        some.removeIf(member -> member.dead);
        return some;
    }

    /** All that ever were, in the order of their birth. */
    List<Member> everybody() {
        return all;
    }

    private List<Member> serving() {
        List<Member> some = alive();
        some.removeIf(member -> !member.serves());
        return some;
    }

    CompletableFuture<Member> join() {
        InfinispanNode node = new InfinispanNode(
                name, caches(), STATE_FC.class, global -> properties.forEach(global.transport()::addProperty));
        GlobalComponentRegistry.of(node.manager())
                .getComponent(BasicComponentRegistry.class)
                .replaceComponent(TimeService.class.getName(), time, false);
        Member member = new Member(node);
        CompletableFuture<Member> joined = CompletableFuture.supplyAsync(
                () -> {
                    awaitTheDeadOutOfViews();
                    all.add(member);
                    node.start();
                    node.detectWhatItIsTold();
                    member.started = true;
                    tell(member + " has joined");
                    return member;
                },
                threads);
        joinsAndDeaths.add(joined.handle((some, failure) -> null));
        return joined;
    }

    /** The discovery of these nodes would let a joiner found a cluster of its own where the coordinator is dead. */
    private void awaitTheDeadOutOfViews() {
        await().atMost(LIMIT).until(() -> serving().stream()
                .allMatch(member -> names(alive()).containsAll(view(member))));
    }

    /** The member that starts at the moment. */
    Member joining() {
        return all.stream()
                .filter(member -> !member.started && !member.dead)
                .findFirst()
                .orElseThrow();
    }

    CompletableFuture<Void> leave(Member member) {
        tell(member + " leaves");
        member.leaving = true;
        CompletableFuture<Void> left = CompletableFuture.runAsync(
                () -> {
                    member.node.close();
                    tell(member + " has left");
                    member.dead = true;
                },
                threads);
        leaves.add(left);
        return left;
    }

    /** Cuts off a member, at once; fit to be called by any thread of a node. */
    void kill(Member member) {
        tell(member + " is killed");
        users.disturbed();
        member.dead = true;
        member.node.kill();
        joinsAndDeaths.add(CompletableFuture.runAsync(
                () -> {
                    accountForLoss(List.of(survivors()));
                    users.accounted();
                    if (!member.leaving) {
                        await().atMost(LIMIT).until(() -> member.node.clusterSize() <= 1);
                        member.node.close();
                    }
                },
                threads));
    }

    /** Cuts off some from the others until {@link #heal}. */
    void split(Collection<Member> minority) {
        tell(minority + " are split off");
        users.disturbed();
        List<Member> majority = alive();
        majority.removeAll(minority);
        for (Member one : minority) {
            one.side = 1;
            for (Member other : majority) {
                one.node.cutFrom(other.node);
                other.node.cutFrom(one.node);
            }
        }
        List<List<Member>> sides = new ArrayList<>(List.of(majority, List.copyOf(minority)));
        int most = Math.max(majority.size(), minority.size());
        sides.removeIf(side -> side.size() < most);
        accountForLoss(sides);
        await().atMost(LIMIT).untilAsserted(() -> {
            for (Member member : alive()) {
                assertThat(view(member)).isEqualTo(names(linked(member)));
                assertThat(member.node.hasSuspects()).isFalse();
            }
        });
        tell("views of " + majority + " and " + minority);
    }

    void heal() {
        tell("the split is healed");
        for (Member member : alive()) {
            member.side = 0;
            member.node.connectLinks();
        }
        awaitViews();
        // What a minority still takes until its caches have followed the view is lost, as what it took before.
        await().atMost(LIMIT).untilAsserted(() -> {
            for (String cacheName : cacheNames()) {
                Set<Integer> topologies = alive().stream()
                        .map(member -> member.topology(cacheName).getTopologyId())
                        .collect(Collectors.toSet());
                assertThat(topologies).as(cacheName).hasSize(1);
                assertThat(coordinator().topology(cacheName).getMembers()).hasSameSizeAs(alive());
            }
        });
        users.accounted();
    }

    private List<Member> survivors() {
        List<Member> some = alive();
        some.removeIf(member -> member.leaving || !member.started);
        return some;
    }

    /** Entries that no owner holds on each of these sides may be lost from now on. */
    private void accountForLoss(List<List<Member>> sides) {
        for (List<Member> side : sides) {
            for (String cacheName : ChaosUsers.KEPT) {
                side.stream()
                        .map(member -> member.topology(cacheName))
                        .max(Comparator.comparing(LocalizedCacheTopology::getTopologyId))
                        .ifPresentOrElse(
                                topology -> users.retain(cacheName, key -> held(cacheName, side, topology, key)),
                                () -> users.retain(cacheName, key -> false));
            }
        }
    }

    private static boolean held(String cacheName, List<Member> side, LocalizedCacheTopology topology, String key) {
        List<Address> owners = topology.getCurrentCH().locateOwnersForSegment(topology.getSegment(key));
        return side.stream()
                .filter(member -> owners.contains(member.node.infinispanAddress()))
                .anyMatch(member -> member.node
                        .manager()
                        .getCache(cacheName)
                        .getAdvancedCache()
                        .getDataContainer()
                        .containsKey(key));
    }

    boolean isHeld(String cacheName) {
        return !clusterTopologies(coordinator()).isRebalancingEnabled(cacheName);
    }

    Member coordinator() {
        return alive().stream()
                .filter(member -> member.started && member.node.isCoordinator())
                .findFirst()
                .orElseThrow();
    }

    /** Members that are there in the order of the view of the first of them. */
    List<Member> inOrderOfView() {
        List<Member> some = alive();
        List<Address> order = some.get(0).node.manager().getMembers();
        some.sort(Comparator.comparing(member -> order.indexOf(member.node.infinispanAddress())));
        return some;
    }

    void awaitViews() {
        await().atMost(LIMIT).untilAsserted(() -> {
            for (Member member : alive()) {
                assertThat(view(member)).as("view of %s", member).isEqualTo(names(alive()));
            }
        });
    }

    /** Waits until nothing goes on, and looks at everything. */
    void settle() {
        awaitViews();
        await().atMost(LIMIT).untilAsserted(() -> {
            Set<Address> members = alive().stream()
                    .map(member -> member.node.infinispanAddress())
                    .collect(Collectors.toSet());
            ClusterTopologyManager coordinator = clusterTopologies(coordinator());
            for (String cacheName : cacheNames()) {
                assertThat(coordinator.isRebalancingEnabled(cacheName))
                        .as("rebalancing of %s is on", cacheName)
                        .isTrue();
                // Infinispan leaves it at "in progress" when a joiner dies in its rebalance and nothing else is to be
                // moved.
                assertThat(coordinator.getRebalancingStatus(cacheName))
                        .as(cacheName)
                        .isIn(RebalancingStatus.COMPLETE, RebalancingStatus.IN_PROGRESS);
                for (Member member : alive()) {
                    LocalizedCacheTopology topology = member.topology(cacheName);
                    assertThat(topology.getPendingCH()).isNull();
                    assertThat(new HashSet<>(topology.getMembers()))
                            .as("%s of %s", cacheName, member)
                            .isEqualTo(members);
                }
            }
            for (Member member : alive()) {
                assertThat(clusterTopologies(member).isRebalancingEnabled()).isTrue();
            }
        });
        users.whileQuiet(() -> await().atMost(LIMIT).untilAsserted(this::checkEntries));
        tell("all is well with " + alive());
    }

    private void checkEntries() {
        for (String cacheName : ChaosUsers.CACHES) {
            Map<String, Map<String, byte[]>> copies = new HashMap<>();
            for (Member member : alive()) {
                member.node.stored(cacheName).forEach((key, value) -> copies.computeIfAbsent(
                                key, some -> new TreeMap<>())
                        .put(member.toString(), value));
            }
            LocalizedCacheTopology topology = coordinator().topology(cacheName);
            users.check(
                    cacheName,
                    copies,
                    Math.min(alive().size(), owners(cacheName)),
                    key -> topology.getSegment(key) + " of "
                            + topology.getDistribution(key).readOwners());
        }
    }

    private static int owners(String cacheName) {
        return cacheName.equals(ChaosUsers.EVERYWHERE) ? Integer.MAX_VALUE : cacheName.equals(ChaosUsers.ONCE) ? 1 : 2;
    }

    private static List<String> cacheNames() {
        List<String> names = new ArrayList<>(ChaosUsers.CACHES);
        names.add(CONFIG);
        return names;
    }

    private static ClusterTopologyManager clusterTopologies(Member member) {
        return GlobalComponentRegistry.of(member.node.manager()).getClusterTopologyManager();
    }

    private static Map<String, Configuration> caches() {
        Map<String, Configuration> caches = new LinkedHashMap<>();
        for (String cacheName : ChaosUsers.CACHES) {
            ConfigurationBuilder configuration = new ConfigurationBuilder();
            boolean everywhere = cacheName.equals(ChaosUsers.EVERYWHERE);
            configuration
                    .clustering()
                    .cacheMode(everywhere ? CacheMode.REPL_SYNC : CacheMode.DIST_SYNC)
                    .remoteTimeout(3_000)
                    .stateTransfer()
                    .chunkSize(16);
            if (!everywhere) {
                configuration.clustering().hash().numOwners(owners(cacheName));
            }
            caches.put(cacheName, configuration.build());
        }
        return caches;
    }

    private static Set<String> view(Member member) {
        List<Address> members = member.node.manager().getMembers();
        return members == null
                ? Set.of()
                : members.stream().map(Object::toString).collect(Collectors.toSet());
    }

    private static Set<String> names(List<Member> members) {
        return members.stream()
                .map(member -> String.valueOf(member.node.infinispanAddress()))
                .collect(Collectors.toSet());
    }

    private List<Member> linked(Member member) {
        List<Member> some = alive();
        some.removeIf(other -> !other.isLinkedTo(member));
        return some;
    }

    /** A failure detector for all of them. */
    private void detect() {
        while (!closed) {
            for (Member member : all) {
                for (Member other : all) {
                    if (!member.isLinkedTo(other)
                            && view(member).contains(String.valueOf(other.node.infinispanAddress()))) {
                        member.node.suspect(other.node);
                    }
                }
            }
            LockSupport.parkNanos(DETECTION_NS);
        }
    }

    private static void assertDone(List<? extends CompletableFuture<?>> some, Duration limit) {
        assertThat(CompletableFuture.allOf(some.toArray(CompletableFuture[]::new)))
                .succeedsWithin(limit);
    }

    @Override
    public void close() {
        try {
            users.stop();
            alive().stream().filter(member -> !member.leaving).forEach(this::leave);
            assertDone(leaves, LIMIT);
            assertDone(joinsAndDeaths, DEATH_LIMIT);
        } finally {
            closed = true;
            threads.shutdown();
        }
        await().atMost(LIMIT).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.isAlive() && thread.getName().contains(name)));
    }
}
