package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Restarts and leaves of real nodes, on whatever Infinispan is on the class path; no grace ends by time where another
 * end is looked for.
 */
abstract class RestartContract {
    static final int ENTRIES = 3_000;
    private static final int VALUE_BYTES = 1_000;
    private static final int OWNERS = 2;
    static final Duration LIMIT = Duration.ofMinutes(2);
    static final Map<String, String> FOR_EVER = Map.of(RestartOptions.GRACE, "1h", RestartOptions.GUARD, "1h");

    private final String cluster = "restart-" + UUID.randomUUID();
    final List<InfinispanNode> nodes = new ArrayList<>();
    final List<InfinispanNode> gone = new ArrayList<>();

    @AfterEach
    void stopAll() {
        List<InfinispanNode> all = new ArrayList<>(gone);
        all.addAll(nodes);
        closeAtOnce(all).join();
    }

    static CompletableFuture<Void> closeAtOnce(List<InfinispanNode> some) {
        return CompletableFuture.allOf(some.stream()
                .map(node -> CompletableFuture.runAsync(node::close))
                .toArray(CompletableFuture[]::new));
    }

    @Test
    void aRestartMovesTheShareOnceAndNothingInTheLeave() {
        start(4, FOR_EVER);
        long before = bulkBytes();

        leave(3);
        awaitMembers(3);
        await().atMost(LIMIT).until(() -> !nodes.get(0).isRebalancingEnabled());
        assertThat(bulkBytes()).as("moved in the leave").isEqualTo(before);
        assertThat(readable(nodes.get(0))).isEqualTo(ENTRIES);

        join(FOR_EVER);
        assertThat(nodes.get(3).settledMembers())
                .as("nothing skipped at the start")
                .hasSize(4);
        settle();
        assertThat(bulkBytes() - before)
                .as("moved in the restart, of the share of a node")
                .isLessThan(2L * share(4));
    }

    @Test
    void theGraceOfACoordinatorHoldsInItsSuccessor() {
        start(4, FOR_EVER);
        long before = bulkBytes();

        leave(0);
        awaitMembers(3);
        await().atMost(LIMIT).until(() -> !nodes.get(0).isRebalancingEnabled());
        assertThat(bulkBytes()).as("moved in the leave").isEqualTo(before);

        join(FOR_EVER);
        settle();
    }

    @Test
    void aDeathInTheGraceEndsItAtOnce() {
        start(4, FOR_EVER);
        leave(3);
        awaitMembers(3);

        kill(2);
        awaitMembers(2);
        settleMembers();
        await().until(() -> nodes.get(0).isRebalancingEnabled());
    }

    @Test
    void scalingDownOneByOneLosesNothing() {
        start(5, FOR_EVER);
        while (nodes.size() > 1) {
            leave(nodes.size() - 1);
        }
        assertThat(nodes.get(0).storedEntries()).isEqualTo(ENTRIES);
    }

    final void start(int count, Map<String, String> properties) {
        for (int i = 0; i < count; i++) {
            join(properties);
        }
        Map<String, byte[]> all = new HashMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            all.put("key-" + i, new byte[VALUE_BYTES]);
        }
        nodes.get(0).cache().putAll(all);
        settle();
    }

    final void join(Map<String, String> properties) {
        nodes.add(InfinispanNode.with(cluster, "sessions", true, properties));
    }

    final void leave(int index) {
        InfinispanNode leaver = nodes.remove(index);
        leaver.close();
        gone.add(leaver);
    }

    private void kill(int index) {
        InfinispanNode victim = nodes.remove(index);
        victim.cut(true);
        gone.add(victim);
    }

    final void awaitMembers(int count) {
        await().atMost(LIMIT).untilAsserted(() -> {
            for (InfinispanNode node : nodes) {
                assertThat(node.settledMembers()).as(node.name()).hasSize(count);
            }
        });
    }

    /** Every entry there and on two nodes, no more, and rebalancing on. */
    final void settle() {
        settleMembers();
        await().atMost(LIMIT).untilAsserted(() -> {
            Map<String, Integer> copies = new HashMap<>();
            for (InfinispanNode node : nodes) {
                node.stored().forEach((key, value) -> copies.merge(key, 1, Integer::sum));
            }
            assertThat(copies).hasSize(ENTRIES);
            assertThat(copies.values()).containsOnly(OWNERS);
        });
        assertThat(nodes.get(0).isRebalancingEnabled()).isTrue();
    }

    private void settleMembers() {
        awaitMembers(nodes.size());
    }

    private static long readable(InfinispanNode node) {
        long count = 0;
        for (int i = 0; i < ENTRIES; i++) {
            count += node.cache().get("key-" + i) == null ? 0 : 1;
        }
        return count;
    }

    private static long share(int nodes) {
        return (long) ENTRIES * VALUE_BYTES * OWNERS / nodes;
    }

    /** Those who are gone included, so that it only grows. */
    final long bulkBytes() {
        return sum(nodes) + sum(gone);
    }

    private static long sum(List<InfinispanNode> some) {
        return some.stream()
                .map(InfinispanNode::stateFc)
                .mapToLong(STATE_FC::getBulkBytesSent)
                .sum();
    }
}
