package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.ids.ProtocolIds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.metrics.config.MicrometerMeterRegisterConfigurationBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A join whose state is held up, as a joiner's log and metrics tell of it. */
class TransferWatchTest {
    private static final String CACHE = "sessions";
    private static final String SIMPLE_CACHE = "realms";
    private static final int ENTRIES = 1_000;
    private static final Logger WATCHED = Logger.getLogger(TransferWatch.class.getName());

    private final String clusterName = "watch-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();
    private final Lines lines = new Lines();

    @BeforeEach
    void listen() {
        WATCHED.addHandler(lines);
    }

    @AfterEach
    void stop() {
        WATCHED.removeHandler(lines);
        while (!nodes.isEmpty()) {
            nodes.remove(nodes.size() - 1).close();
        }
    }

    @Test
    void theJoinerTellsHowFarItIs() {
        InfinispanNode donor = node(new SimpleMeterRegistry()).start();
        Map<String, byte[]> entries = new HashMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.put("key-" + i, new byte[1_000]);
        }
        donor.cache().putAll(entries);
        HoldingStateFc holding = (HoldingStateFc) donor.stateFc();
        holding.holdUntilThereIsStateOf(Set.of(CACHE, "never there"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();

        InfinispanNode joiner = node(meters).start();
        joiner.manager().getCache(SIMPLE_CACHE);

        await().untilAsserted(() -> assertThat(lines.all).isNotEmpty());
        assertThat(meters.get("evenkeel_state_transfer_segments").gauge().value())
                .isEqualTo(meters.get("evenkeel_state_transfer_awaited_segments")
                        .gauge()
                        .value())
                .isPositive();
        holding.release();
        await().untilAsserted(() ->
                assertThat(lines.all).last(STRING).startsWith("EVK0401: State transfer to this node is over: 1."));

        System.out.println(String.join("\n", lines.all));
        assertThat(lines.all.get(0))
                .startsWith("EVK0401: State transfer to this node: 0 of 256 segments (sessions 0 of 256), 0.0 MB");
        assertThat(meters.get("evenkeel_state_transfer_segments").gauge().value())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(classes = {MuteStateFc.class, UnlinkedStateFc.class})
    void progressThatCannotBeToldIsSaidOnce(Class<? extends STATE_FC> stateFc) {
        InfinispanNode node =
                new InfinispanNode(clusterName, Map.of(CACHE, distributed()), stateFc, InfinispanNode::withoutGrace);
        nodes.add(node);

        node.start();

        MuteStateFc mute = (MuteStateFc) node.stateFc();
        await().until(() -> mute.asked.get() > 2);
        assertThat(lines.all)
                .singleElement(STRING)
                .startsWith("EVK0409: Cannot tell how far state is that moves to this node: ")
                .contains(MuteStateFc.FAILURE);
    }

    /** Cannot say how much came. */
    public static class MuteStateFc extends STATE_FC {
        private static final String FAILURE = "not counted";
        private final AtomicInteger asked = new AtomicInteger();

        public MuteStateFc() {
            id = ProtocolIds.STATE_FC_ID;
        }

        @Override
        public long getBulkBytesReceived() {
            asked.incrementAndGet();
            return fail();
        }

        long fail() {
            throw new IllegalStateException(FAILURE);
        }
    }

    /** Fails as one that was compiled against another version. */
    public static final class UnlinkedStateFc extends MuteStateFc {
        @Override
        long fail() {
            throw new NoSuchMethodError(MuteStateFc.FAILURE);
        }
    }

    private InfinispanNode node(SimpleMeterRegistry meters) {
        Map<String, Configuration> caches = new LinkedHashMap<>();
        caches.put(CACHE, distributed());
        caches.put(SIMPLE_CACHE, new ConfigurationBuilder().simpleCache(true).build());
        InfinispanNode node = new InfinispanNode(clusterName, caches, HoldingStateFc.class, global -> global.addModule(
                        MicrometerMeterRegisterConfigurationBuilder.class)
                .meterRegistry(meters));
        nodes.add(node);
        return node;
    }

    private static Configuration distributed() {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        cache.clustering()
                .cacheMode(CacheMode.DIST_SYNC)
                .hash()
                .numOwners(2)
                .stateTransfer()
                .awaitInitialTransfer(false);
        return cache.build();
    }

    private static final class Lines extends Handler {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            all.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
