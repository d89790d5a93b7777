package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.infinispan.configuration.cache.CacheMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** State that nobody recognises is said, and nothing else is: on the Infinispan that the class path holds. */
class RebalanceWatchTest {
    private static final int ENTRIES = 500;

    private final String clusterName = "watch-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DIST_SYNC", "REPL_SYNC"})
    void aJoinerWhoseStateWasNotRecognisedCountsIt(CacheMode mode) {
        InfinispanNode donor = start(mode, DeafStateFc.class);
        fill(donor);

        InfinispanNode joiner = start(mode, DeafStateFc.class);

        await().untilAsserted(() -> assertThat(missed(joiner)).isEqualTo(1));
        assertThat(joiner.storedEntries()).isEqualTo(ENTRIES);
        // Nothing came to the donor.
        assertThat(missed(donor)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"DIST_SYNC"})
    void whatIsRestoredAfterALeaveCountsToo(CacheMode mode) {
        InfinispanNode first = start(mode, DeafStateFc.class);
        start(mode, DeafStateFc.class);
        InfinispanNode last = start(mode, DeafStateFc.class);
        fill(first);
        assertThat(missed(first)).isZero();

        nodes.remove(last);
        last.close();

        await().untilAsserted(() -> assertThat(missed(first)).isEqualTo(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"DIST_SYNC", "REPL_SYNC"})
    void whatIsRecognisedIsNotCounted(CacheMode mode) {
        InfinispanNode first = start(mode, STATE_FC.class);
        fill(first);
        start(mode, STATE_FC.class);
        InfinispanNode last = start(mode, STATE_FC.class);
        nodes.remove(last);
        last.close();
        awaitSettled(2);

        assertThat(nodes).allSatisfy(node -> assertThat(missed(node)).isZero());
        assertThat(first.bulkMessages()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"DIST_SYNC", "REPL_SYNC"})
    void emptyCachesAreNotCounted(CacheMode mode) {
        start(mode, DeafStateFc.class);
        start(mode, DeafStateFc.class);
        InfinispanNode last = start(mode, DeafStateFc.class);
        awaitSettled(3);

        fill(last);

        assertThat(nodes).allSatisfy(node -> assertThat(missed(node)).isZero());
    }

    @ParameterizedTest
    @EnumSource(names = {"DIST_SYNC", "REPL_SYNC"})
    void turnedOffNobodyMissesAnything(CacheMode mode) {
        InfinispanNode donor = start(mode, DeafStateFc.OffStateFc.class);
        fill(donor);

        InfinispanNode joiner = start(mode, DeafStateFc.OffStateFc.class);
        awaitSettled(2);

        assertThat(joiner.storedEntries()).isEqualTo(ENTRIES);
        assertThat(missed(joiner)).isZero();
    }

    private void awaitSettled(int members) {
        await().untilAsserted(() -> assertThat(nodes).allSatisfy(node -> assertThat(node.cache()
                        .getAdvancedCache()
                        .getDistributionManager()
                        .getCacheTopology()
                        .getCurrentCH()
                        .getMembers())
                .hasSize(members)));
    }

    private static long missed(InfinispanNode node) {
        return node.stateFc().getUnrecognisedTransfers();
    }

    private static void fill(InfinispanNode node) {
        for (int i = 0; i < ENTRIES; i++) {
            node.cache().put("key-" + i, new byte[100]);
        }
    }

    private InfinispanNode start(CacheMode mode, Class<? extends STATE_FC> type) {
        InfinispanNode node = new InfinispanNode(clusterName, "sessions", 64, mode, type);
        nodes.add(node);
        return node;
    }
}
