package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.internal.PrivateCacheConfigurationBuilder;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.distribution.ch.impl.ConsistentHashFactory;
import org.infinispan.distribution.ch.impl.DefaultConsistentHashFactory;
import org.infinispan.distribution.ch.impl.SyncConsistentHashFactory;
import org.infinispan.distribution.ch.impl.TopologyAwareConsistentHashFactory;
import org.infinispan.distribution.ch.impl.TopologyAwareSyncConsistentHashFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real nodes of Infinispan with the factory of the pack, with Infinispan's own, and with both in one cluster. */
class ConsistentHashClusterTest {
    private static final String CACHE = "sessions";
    private static final int ENTRIES = 2_000;
    private static final int VALUE_BYTES = 500;
    private static final int OWNERS = 2;
    private static final ConsistentHashFactory<?> SYNC = SyncConsistentHashFactory.getInstance();
    private static final ConsistentHashFactory<?> OURS = DefaultConsistentHashFactory.getInstance();

    private final String clusterName = "hash-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        while (!nodes.isEmpty()) {
            nodes.remove(nodes.size() - 1).close();
        }
    }

    @Test
    void aJoinMovesStateToTheJoinerOnly() {
        start(OURS, 5);
        fill();
        List<Long> before = received();

        InfinispanNode joiner = start(OURS);
        settle();

        long others = 0;
        for (int i = 0; i < before.size(); i++) {
            others += nodes.get(i).stateFc().getBulkBytesReceived() - before.get(i);
        }
        System.out.printf(
                "joiner received %d bytes, the others %d%n", joiner.stateFc().getBulkBytesReceived(), others);
        assertThat(joiner.stateFc().getBulkBytesReceived()).isPositive();
        assertThat(others).isLessThan(joiner.stateFc().getBulkBytesReceived() / 10);
        check();
    }

    @Test
    void nodesWithDifferentFactoriesAreOneCluster() {
        start(SYNC, 2);
        start(OURS);
        fill();
        settle();

        leave(0);
        check();
        start(OURS);
        settle();
        check();
        leave(0);
        check();
        start(SYNC);
        settle();
        check();
    }

    @Test
    void copiesAreOnTwoMachinesWhereHintsAreGiven() {
        start(TopologyAwareSyncConsistentHashFactory.getInstance(), "m1");
        start(new TopologyAwareConsistentHashFactory(), "m1");
        start(new TopologyAwareConsistentHashFactory(), "m2");
        fill();
        settle();

        leave(0);
        start(new TopologyAwareConsistentHashFactory(), "m2");
        start(new TopologyAwareConsistentHashFactory(), "m1");
        settle();
        check();
        ConsistentHash owners = nodes.get(0)
                .cache()
                .getAdvancedCache()
                .getDistributionManager()
                .getCacheTopology()
                .getCurrentCH();
        for (int segment = 0; segment < owners.getNumSegments(); segment++) {
            assertThat(owners.locateOwnersForSegment(segment).stream()
                            .map(owner -> owner.getMachineId())
                            .distinct())
                    .as("machines of segment %d", segment)
                    .hasSize(OWNERS);
        }
    }

    private void start(ConsistentHashFactory<?> factory, int count) {
        for (int i = 0; i < count; i++) {
            start(factory);
        }
    }

    private InfinispanNode start(ConsistentHashFactory<?> factory) {
        return start(factory, null);
    }

    private InfinispanNode start(ConsistentHashFactory<?> factory, String machine) {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        cache.clustering().cacheMode(CacheMode.DIST_SYNC).hash().numOwners(OWNERS);
        cache.addModule(PrivateCacheConfigurationBuilder.class).consistentHashFactory(factory);
        InfinispanNode node = new InfinispanNode(clusterName, Map.of(CACHE, cache.build()), STATE_FC.class, global -> {
            InfinispanNode.withoutGrace(global);
            global.transport().machineId(machine);
        });
        nodes.add(node);
        node.start();
        return node;
    }

    private void leave(int index) {
        nodes.remove(index).close();
        settle();
    }

    private void settle() {
        await().untilAsserted(() -> assertThat(nodes)
                .allSatisfy(node -> assertThat(node.settledMembers()).hasSize(nodes.size())));
    }

    private List<Long> received() {
        return nodes.stream().map(node -> node.stateFc().getBulkBytesReceived()).toList();
    }

    private void fill() {
        Map<String, byte[]> all = new HashMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            all.put("key-" + i, new byte[VALUE_BYTES]);
        }
        nodes.get(0).cache().putAll(all);
    }

    /** Every entry is there for every node, and is held by two; what is held no more is dropped in the background. */
    private void check() {
        assertThat(nodes).allSatisfy(node -> assertThat(node.cache().keySet()).hasSize(ENTRIES));
        await().untilAsserted(() -> assertThat(
                        nodes.stream().mapToInt(InfinispanNode::storedEntries).sum())
                .isEqualTo(OWNERS * ENTRIES));
    }
}
