package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.RecordingStateFc.Chunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chunks that real nodes of Infinispan send of entries of several sizes. */
class SizedStateProviderTest {
    private static final String CACHE = "sessions";

    /** Half of G1's smallest region: larger arrays are humongous in some heap. */
    private static final int HUMONGOUS_BYTES = 512 * 1024;

    private static final int ARRAY_HEADER_BYTES = 16;

    private final String clusterName = "chunks-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        while (!nodes.isEmpty()) {
            nodes.remove(nodes.size() - 1).close();
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 10000", "600, 4000", "1024, 3000", "100000, 60"})
    void aChunkIsOfTheRightSizeWhateverTheEntryIs(int valueBytes, int entries) {
        InfinispanNode donor = start(unset(), RecordingStateFc.class);
        fill(donor, valueBytes, valueBytes, entries);

        InfinispanNode joiner = start(unset(), RecordingStateFc.class);
        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(entries));

        List<Chunk> chunks = chunksOf(donor);
        print(valueBytes + " B", chunks);
        assertThat(chunks).allMatch(chunk -> chunk.arrayBytes() + ARRAY_HEADER_BYTES <= HUMONGOUS_BYTES);
        // Three may be small: the last one, the one of Infinispan's own cache, and a chunk with one entry of 100 kB.
        long small = chunks.stream()
                .filter(chunk -> chunk.payloadBytes() < ChunkBudget.TARGET_BYTES / 2)
                .count();
        assertThat(small).isLessThanOrEqualTo(3);
        assertThat(chunks.size()).isGreaterThan(3);
    }

    @Test
    void entriesOfManySizesStayBelow() {
        InfinispanNode donor = start(unset(), RecordingStateFc.class);
        fill(donor, 200, 1_800, 3_000);

        InfinispanNode joiner = start(unset(), RecordingStateFc.class);
        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(3_000));

        List<Chunk> chunks = chunksOf(donor);
        print("200 to 1,800 B", chunks);
        assertThat(chunks).allMatch(chunk -> chunk.arrayBytes() + ARRAY_HEADER_BYTES <= HUMONGOUS_BYTES);
    }

    @Test
    void theUsersNumberOfEntriesStays() {
        ConfigurationBuilder cache = distributed();
        cache.clustering().stateTransfer().chunkSize(10);
        InfinispanNode donor = start(cache.build(), RecordingStateFc.class);
        fill(donor, 600, 600, 1_000);

        InfinispanNode joiner = start(cache.build(), RecordingStateFc.class);
        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(1_000));

        assertThat(chunksOf(donor)).hasSizeGreaterThanOrEqualTo(100);
        assertThat(chunksOf(donor)).allMatch(chunk -> chunk.payloadBytes() < 10_000);
    }

    @Test
    void anEmptyCacheIsJoined() {
        start(unset(), RecordingStateFc.class);

        InfinispanNode joiner = start(unset(), RecordingStateFc.class);

        await().untilAsserted(() -> assertThat(joiner.settledMembers()).hasSize(2));
    }

    private static void print(String what, List<Chunk> chunks) {
        System.out.printf(
                "entries of %s: %d chunks of %d to %d bytes in arrays of up to %d%n",
                what,
                chunks.size(),
                chunks.stream().mapToInt(Chunk::payloadBytes).min().orElse(0),
                chunks.stream().mapToInt(Chunk::payloadBytes).max().orElse(0),
                chunks.stream().mapToInt(Chunk::arrayBytes).max().orElse(0));
    }

    private static Configuration unset() {
        return distributed().build();
    }

    private static ConfigurationBuilder distributed() {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        cache.clustering().cacheMode(CacheMode.DIST_SYNC).hash().numOwners(2);
        return cache;
    }

    private InfinispanNode start(Configuration cache, Class<? extends STATE_FC> type) {
        InfinispanNode node = new InfinispanNode(clusterName, Map.of(CACHE, cache), type, InfinispanNode::withoutGrace);
        nodes.add(node);
        node.start();
        return node;
    }

    private static List<Chunk> chunksOf(InfinispanNode node) {
        return ((RecordingStateFc) node.stateFc()).chunks();
    }

    private static void fill(InfinispanNode node, int fewestBytes, int mostBytes, int entries) {
        Random random = new Random(1804);
        Map<String, byte[]> all = new HashMap<>();
        for (int i = 0; i < entries; i++) {
            byte[] value = new byte[random.nextInt(fewestBytes, mostBytes + 1)];
            random.nextBytes(value);
            all.put("key-" + i, value);
        }
        node.cache().putAll(all);
    }
}
