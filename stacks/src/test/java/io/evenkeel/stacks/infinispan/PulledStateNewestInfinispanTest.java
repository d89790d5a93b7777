package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.infinispan.Cache;
import org.infinispan.commons.util.Version;
import org.infinispan.configuration.cache.CacheMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * STATE_FC on the newest Infinispan, where a joiner pulls its state. Runs on a class path of its own; see the pom.
 */
@EnabledIfSystemProperty(named = "evenkeel.infinispan", matches = "newest")
class PulledStateNewestInfinispanTest {
    private static final int ENTRIES = 3_000;
    private static final int VALUE_BYTES = 1_024;
    private static final long STATE_BYTES = (long) ENTRIES * VALUE_BYTES;

    private final String clusterName = "pulled-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
    }

    @Test
    void whatAJoinerPullsIsBulkOnBothSidesAndIsPaced() {
        assertThat(Version.getVersion()).isGreaterThanOrEqualTo("16.2");
        InfinispanNode donor = start();
        fill(donor.cache());

        InfinispanNode joiner = start();
        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(ENTRIES));

        STATE_FC sender = donor.stateFc();
        assertThat(sender.getInfinispanPulledHits()).isPositive();
        assertThat(sender.getBulkBytesSent()).isBetween(STATE_BYTES, STATE_BYTES + STATE_BYTES / 5);
        assertThat(joiner.stateFc().getBulkBytesReceived()).isEqualTo(sender.getBulkBytesSent());
        assertThat(sender.getPacedBytes()).isPositive();
        // The joiner's requests at the donor, and the answers at the joiner.
        assertThat(sender.getStateControlHits()).isPositive();
        assertThat(sender.getHandledApart()).isPositive();
        assertThat(joiner.stateFc().getHandledApart()).isPositive();
        assertThat(sender.getClassifierFailures()).isZero();
        assertThat(joiner.stateFc().getUnrecognisedTransfers()).isZero();
    }

    @Test
    void whatIsNotRecognisedIsSaid() {
        InfinispanNode donor = start(DeafStateFc.class);
        fill(donor.cache());

        InfinispanNode joiner = start(DeafStateFc.class);

        await().untilAsserted(() ->
                assertThat(joiner.stateFc().getUnrecognisedTransfers()).isEqualTo(1));
        assertThat(donor.stateFc().getUnrecognisedTransfers()).isZero();
    }

    @Test
    void usersWhoReadAWholeCacheAreForeground() {
        InfinispanNode first = start();
        InfinispanNode second = start();
        InfinispanNode third = start();
        fill(first.cache());
        long before = bulkMessages();

        for (InfinispanNode node : List.of(first, second, third)) {
            assertThat(node.cache().values().stream().count()).isEqualTo(ENTRIES);
            assertThat(new HashMap<>(Map.copyOf(node.cache()))).hasSize(ENTRIES);
            assertThat(node.cache().keySet()).hasSize(ENTRIES);
            assertThat(node.cache().get("key-1")).hasSize(VALUE_BYTES);
        }

        assertThat(bulkMessages()).isEqualTo(before);
    }

    private long bulkMessages() {
        return nodes.stream().mapToLong(InfinispanNode::bulkMessages).sum();
    }

    private static void fill(Cache<String, byte[]> cache) {
        Random random = new Random(1803);
        for (int i = 0; i < ENTRIES; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            cache.put("key-" + i, value);
        }
    }

    private InfinispanNode start() {
        return start(STATE_FC.class);
    }

    private InfinispanNode start(Class<? extends STATE_FC> type) {
        InfinispanNode node = new InfinispanNode(clusterName, "sessions", 64, CacheMode.DIST_SYNC, type);
        nodes.add(node);
        return node;
    }
}
