package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.infinispan.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** STATE_FC with the classifier in embedded Infinispan nodes over TCP: what a join and what users put on the wire. */
class InfinispanStateTransferTest {
    private static final String CACHE = "sessions";
    private static final int ENTRIES = 3_000;
    private static final int VALUE_BYTES = 1_024;
    private static final long STATE_BYTES = (long) ENTRIES * VALUE_BYTES;

    private final String clusterName = "state-fc-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
    }

    @Test
    void aJoinIsBulkOnTheDonorAndOnTheJoiner() {
        InfinispanNode donor = start(512);
        fill(donor);
        assertThat(donor.stateFc().getBulkMessagesSent()).isZero();

        InfinispanNode joiner = start(512);

        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(ENTRIES));

        long sentBytes = donor.stateFc().getBulkBytesSent();
        assertThat(sentBytes).isBetween(STATE_BYTES, STATE_BYTES + STATE_BYTES / 10);
        assertThat(joiner.stateFc().getBulkBytesReceived()).isEqualTo(sentBytes);
        assertThat(joiner.stateFc().getBulkMessagesReceived())
                .isEqualTo(donor.stateFc().getBulkMessagesSent());
        assertThat(donor.stateFc().getBulkMessagesSent()).isBetween((long) ENTRIES / 512, (long) ENTRIES / 64);
        assertThat(donor.stateFc().getInfinispanPushedHits())
                .isEqualTo(donor.stateFc().getBulkMessagesSent());
        assertThat(donor.stateFc().getPacedBytes()).isPositive();
        await().untilAsserted(() -> assertThat(donor.stateFc().getPeersPaced()).isEqualTo(1));
        // One request, and an answer to each chunk.
        await().untilAsserted(() -> assertThat(donor.stateFc().getStateControlHits())
                .isGreaterThan(donor.stateFc().getBulkMessagesSent()));
        await().untilAsserted(() -> assertThat(donor.stateFc().getHandledApart())
                .isGreaterThan(donor.stateFc().getBulkMessagesSent()));
        await().untilAsserted(() -> assertThat(joiner.stateFc().getHandledApart())
                .isGreaterThanOrEqualTo(joiner.stateFc().getBulkMessagesReceived()));
        assertThat(joiner.stateFc().getBulkMessagesSent()).isZero();
        assertThat(donor.stateFc().getForegroundBytesSent()).isLessThan(STATE_BYTES / 10);
    }

    @Test
    void smallerChunksAreMoreMessagesOfTheSameBytes() {
        InfinispanNode donor = start(64);
        fill(donor);

        InfinispanNode joiner = start(64);

        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(ENTRIES));

        assertThat(donor.stateFc().getBulkMessagesSent()).isGreaterThanOrEqualTo(ENTRIES / 64);
        assertThat(donor.stateFc().getBulkBytesSent()).isBetween(STATE_BYTES, STATE_BYTES + STATE_BYTES / 10);
    }

    @Test
    void whatUsersDoIsForeground() {
        InfinispanNode first = start(512);
        InfinispanNode second = start(512);
        long bulkBefore = first.bulkMessages() + second.bulkMessages();
        long bytesBefore = second.stateFc().getForegroundBytesSent();

        fill(second);
        useEveryOperation(first.cache(), second.cache());

        assertThat(first.bulkMessages() + second.bulkMessages()).isEqualTo(bulkBefore);
        assertThat(second.stateFc().getForegroundBytesSent() - bytesBefore).isGreaterThan(STATE_BYTES);
    }

    private static void useEveryOperation(Cache<String, byte[]> first, Cache<String, byte[]> second) {
        Map<String, byte[]> several = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            String key = "key-" + i;
            assertThat(first.get(key)).hasSize(VALUE_BYTES);
            assertThat(first.replace(key, new byte[i])).hasSize(VALUE_BYTES);
            assertThat(second.remove(key)).hasSize(i);
            assertThat(second.putIfAbsent(key, new byte[1])).isNull();
            first.compute(key, (k, value) -> value);
            several.put("several-" + i, new byte[i]);
        }
        second.putAll(several);
        assertThat(first.size()).isEqualTo(ENTRIES + several.size());
        assertThat(second.values().stream().mapToLong(value -> value.length).sum())
                .isPositive();
        assertThat(first.entrySet().stream().count()).isEqualTo(ENTRIES + several.size());
        second.clear();
        assertThat(first.isEmpty()).isTrue();
    }

    private static void fill(InfinispanNode node) {
        Random random = new Random(1803);
        Cache<String, byte[]> cache = node.cache();
        for (int i = 0; i < ENTRIES; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            cache.put("key-" + i, value);
        }
    }

    private InfinispanNode start(int chunkEntries) {
        InfinispanNode node = new InfinispanNode(clusterName, CACHE, chunkEntries);
        nodes.add(node);
        return node;
    }
}
