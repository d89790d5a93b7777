package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.manager.EmbeddedCacheManagerStartupException;
import org.infinispan.persistence.spi.PersistenceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of Infinispan with several caches that hold entries. */
class CacheStartTest {
    private static final Set<String> NAMES = Set.of("c0-sessions", "c1-clients", "c2-failures", "c3-tokens");
    private static final int ENTRIES = 200;
    /** In turn, the first cache fails after so long, as HoldingStateFc never lets its state go. */
    private static final long STATE_TIMEOUT_MS = 120_000;

    private final String clusterName = "start-" + UUID.randomUUID();
    private final List<InfinispanNode> nodes = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        while (!nodes.isEmpty()) {
            nodes.remove(nodes.size() - 1).close();
        }
    }

    @Test
    void theStateOfAllComesAtTheSameTime() {
        InfinispanNode donor = donor();
        holding(donor).holdUntilThereIsStateOf(NAMES);

        InfinispanNode joiner = node(clustered()).start();

        for (String name : NAMES) {
            assertThat(joiner.manager()
                            .<String, byte[]>getCache(name)
                            .getAdvancedCache()
                            .getDataContainer())
                    .as(name)
                    .hasSize(ENTRIES);
        }
    }

    @Test
    void cachesThatAreDefinedLaterWaitUntilTheyAreWanted() {
        InfinispanNode node = node(clustered()).start();
        node.manager().defineConfiguration("wanted", distributed().build());
        node.manager().defineConfiguration("not wanted", distributed().build());

        node.manager().getCache("wanted");

        await().until(() -> startThreads().findAny().isEmpty());
        assertThat(node.manager().cacheExists("not wanted")).isFalse();
    }

    @Test
    void aFailureIsTheManagersAsWithoutIt() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        ConfigurationBuilder broken = distributed();
        broken.persistence()
                .addSoftIndexFileStore()
                .dataLocation(file.resolve("data").toString())
                .indexLocation(file.resolve("index").toString());
        Map<String, Configuration> caches = new LinkedHashMap<>(clustered());
        caches.put("d-broken", broken.build());

        InfinispanNode node = node(caches);

        assertThatThrownBy(node::start)
                .isInstanceOf(EmbeddedCacheManagerStartupException.class)
                .hasCauseInstanceOf(PersistenceException.class);
        await().until(() -> startThreads().findAny().isEmpty());
    }

    @Test
    void aStopDuringTheStartEndsIt() {
        InfinispanNode donor = donor();
        holding(donor).holdUntilThereIsStateOf(all("never there"));
        InfinispanNode joiner = node(clustered());
        CompletableFuture<InfinispanNode> start = CompletableFuture.supplyAsync(joiner::start);
        await().until(() -> holding(donor).heldChunks() >= NAMES.size());

        joiner.close();

        await().until(start::isDone);
        await().until(() -> startThreads().findAny().isEmpty());
        await().untilAsserted(() -> assertThat(donor.settledMembers()).hasSize(1));
        assertThat(donor.cache()).hasSize(ENTRIES);
    }

    private static Set<String> all(String more) {
        Set<String> names = new HashSet<>(NAMES);
        names.add(more);
        return names;
    }

    private static Stream<Thread> startThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("evenkeel-cache-start")
                        || thread.getName().startsWith("CacheStartThread"));
    }

    private InfinispanNode donor() {
        InfinispanNode donor = node(clustered()).start();
        Map<String, byte[]> entries = new HashMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.put("key-" + i, new byte[100]);
        }
        NAMES.forEach(name -> donor.manager().<String, byte[]>getCache(name).putAll(entries));
        return donor;
    }

    private static HoldingStateFc holding(InfinispanNode node) {
        return (HoldingStateFc) node.stateFc();
    }

    private InfinispanNode node(Map<String, Configuration> caches) {
        InfinispanNode node =
                new InfinispanNode(clusterName, caches, HoldingStateFc.class, InfinispanNode::withoutGrace);
        nodes.add(node);
        return node;
    }

    private static Map<String, Configuration> clustered() {
        Map<String, Configuration> caches = new LinkedHashMap<>();
        NAMES.stream().sorted().forEach(name -> caches.put(name, distributed().build()));
        return caches;
    }

    private static ConfigurationBuilder distributed() {
        ConfigurationBuilder cache = new ConfigurationBuilder();
        cache.clustering()
                .cacheMode(CacheMode.DIST_SYNC)
                .hash()
                .numOwners(2)
                .stateTransfer()
                .timeout(STATE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        return cache;
    }
}
