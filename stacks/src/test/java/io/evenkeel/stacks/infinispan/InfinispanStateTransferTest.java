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
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.jgroups.EmbeddedJGroupsChannelConfigurator;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** STATE_FC with the classifier in embedded Infinispan nodes over TCP: what a join and what users put on the wire. */
class InfinispanStateTransferTest {
    private static final String CACHE = "sessions";
    private static final int ENTRIES = 3_000;
    private static final int VALUE_BYTES = 1_024;
    private static final long STATE_BYTES = (long) ENTRIES * VALUE_BYTES;

    private final String clusterName = "state-fc-" + UUID.randomUUID();
    private final List<DefaultCacheManager> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).stop();
        }
    }

    @Test
    void aJoinIsBulkOnTheDonorAndOnTheJoiner() {
        Node donor = start(512);
        fill(donor);
        assertThat(donor.stateFc().getBulkMessagesSent()).isZero();

        Node joiner = start(512);

        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(ENTRIES));

        long sentBytes = donor.stateFc().getBulkBytesSent();
        assertThat(sentBytes).isBetween(STATE_BYTES, STATE_BYTES + STATE_BYTES / 10);
        assertThat(joiner.stateFc().getBulkBytesReceived()).isEqualTo(sentBytes);
        assertThat(joiner.stateFc().getBulkMessagesReceived())
                .isEqualTo(donor.stateFc().getBulkMessagesSent());
        assertThat(donor.stateFc().getBulkMessagesSent()).isBetween((long) ENTRIES / 512, (long) ENTRIES / 64);
        assertThat(donor.stateFc().getInfinispanPushedHits())
                .isEqualTo(donor.stateFc().getBulkMessagesSent());
        assertThat(joiner.stateFc().getBulkMessagesSent()).isZero();
        assertThat(donor.stateFc().getForegroundBytesSent()).isLessThan(STATE_BYTES / 10);
    }

    @Test
    void smallerChunksAreMoreMessagesOfTheSameBytes() {
        Node donor = start(64);
        fill(donor);

        Node joiner = start(64);

        await().untilAsserted(() -> assertThat(joiner.storedEntries()).isEqualTo(ENTRIES));

        assertThat(donor.stateFc().getBulkMessagesSent()).isGreaterThanOrEqualTo(ENTRIES / 64);
        assertThat(donor.stateFc().getBulkBytesSent()).isBetween(STATE_BYTES, STATE_BYTES + STATE_BYTES / 10);
    }

    @Test
    void whatUsersDoIsForeground() {
        Node first = start(512);
        Node second = start(512);
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

    private static void fill(Node node) {
        Random random = new Random(1803);
        Cache<String, byte[]> cache = node.cache();
        for (int i = 0; i < ENTRIES; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            cache.put("key-" + i, value);
        }
    }

    private Node start(int chunkEntries) {
        StateFcStack stack = new StateFcStack();
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport()
                .clusterName(clusterName)
                .jgroups()
                .addStack(stack.getName())
                .channelConfigurator(stack);
        global.transport().stack(stack.getName());
        ConfigurationBuilder sessions = new ConfigurationBuilder();
        sessions.clustering()
                .cacheMode(CacheMode.DIST_SYNC)
                .hash()
                .numOwners(2)
                .stateTransfer()
                .chunkSize(chunkEntries);
        DefaultCacheManager manager = new DefaultCacheManager(global.build(), false);
        nodes.add(manager);
        manager.defineConfiguration(CACHE, sessions.build());
        manager.start();
        return new Node(manager.getCache(CACHE), stack.stateFc);
    }

    private record Node(Cache<String, byte[]> cache, STATE_FC stateFc) {
        int storedEntries() {
            return cache.getAdvancedCache().getDataContainer().size();
        }

        long bulkMessages() {
            return stateFc.getBulkMessagesSent() + stateFc.getBulkMessagesReceived();
        }
    }

    /** TCP on loopback with STATE_FC on top; discovery inside the JVM lets every node take a port that is free. */
    private static final class StateFcStack extends EmbeddedJGroupsChannelConfigurator {
        // Without tcp_nodelay, Nagle's algorithm and delayed acknowledgements cost each small RPC some 18 ms.
        private static final Map<String, String> TCP_PROPERTIES =
                Map.of("bind_addr", "127.0.0.1", "bind_port", "0", "diag.enabled", "false", "tcp_nodelay", "true");

        private STATE_FC stateFc;

        StateFcStack() {
            super("state-fc", protocols(), null);
        }

        private static List<ProtocolConfiguration> protocols() {
            return List.of(
                    new ProtocolConfiguration("TCP", TCP_PROPERTIES),
                    new ProtocolConfiguration("LOCAL_PING", Map.of()),
                    new ProtocolConfiguration("pbcast.NAKACK2", Map.of()),
                    new ProtocolConfiguration("UNICAST3", Map.of()),
                    new ProtocolConfiguration("pbcast.STABLE", Map.of()),
                    new ProtocolConfiguration("pbcast.GMS", Map.of()),
                    new ProtocolConfiguration("UFC", Map.of()),
                    new ProtocolConfiguration("MFC", Map.of()),
                    new ProtocolConfiguration("FRAG4", Map.of()),
                    new ProtocolConfiguration(STATE_FC.class.getName(), Map.of()));
        }

        @Override
        public void afterCreation(Protocol protocol) {
            super.afterCreation(protocol);
            if (protocol instanceof STATE_FC created) {
                stateFc = created;
            }
        }
    }
}
