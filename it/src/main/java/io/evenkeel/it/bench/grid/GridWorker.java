package io.evenkeel.it.bench.grid;

import io.evenkeel.it.bench.worker.OpenLoop;
import io.evenkeel.it.bench.worker.WorkerLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;

/**
 * An Infinispan node in a JVM of its own.
 *
 * <ul>
 *   <li>{@code fill FROM END BYTES}: puts these entries into all caches; answers {@code filled}
 *   <li>{@code load RATE PUT_PERCENT KEYS BYTES MS}: answers {@code loaded}, how many requests failed, and the round trips
 *   <li>{@code view SIZE}: waits for a view of that size; answers {@code view} and when it came
 *   <li>{@code settle SIZE}: waits until all entries have their owners among so many nodes; answers {@code settled} and when that was
 *   <li>{@code entries}: how many entries there are in all caches
 *   <li>{@code leave}: stops the node; answers {@code left}
 * </ul>
 */
@Listener
public final class GridWorker {
    private static final int THREADS = 400;
    private static final int FILLERS = 16;
    private static final long ANSWER_BOUND_MS = 30_000;
    private static final long POLL_MS = 1;

    private final DefaultCacheManager manager;
    private final List<AdvancedCache<String, byte[]>> caches = new ArrayList<>();
    private final Map<Integer, Long> viewNsBySize = new ConcurrentHashMap<>();
    // Enough for all that a second of silence holds up: a queue before them would be one more thing to measure.
    private final ExecutorService requests = Executors.newFixedThreadPool(THREADS);

    private GridWorker(String name, String stackFile, GridSpec spec) {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport().nodeName(name).clusterName("grid").addProperty("configurationFile", stackFile);
        ConfigurationBuilder cache = new ConfigurationBuilder();
        cache.clustering()
                .cacheMode(CacheMode.DIST_SYNC)
                .hash()
                .numOwners(spec.owners())
                .stateTransfer()
                .chunkSize(spec.chunkEntries());
        manager = new DefaultCacheManager(global.build(), false);
        for (int i = 0; i < spec.caches(); i++) {
            manager.defineConfiguration("c" + i, cache.build());
        }
        manager.start();
        manager.addListener(this);
        viewNsBySize.put(manager.getMembers().size(), System.nanoTime());
        for (int i = 0; i < spec.caches(); i++) {
            caches.add(manager.<String, byte[]>getCache("c" + i).getAdvancedCache());
        }
    }

    /** Takes the node's name, its stack's file, and the words of a {@link GridSpec}. */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        GridWorker node = new GridWorker(words.get(0), words.get(1), GridSpec.decode(words.subList(2, words.size())));
        Map<String, WorkerLoop.Command> commands = new HashMap<>();
        commands.put("fill", node::fill);
        commands.put("load", node::load);
        commands.put("view", node::view);
        commands.put("settle", node::settle);
        commands.put("entries", node::entries);
        commands.put("leave", node::leave);
        new WorkerLoop(commands).serve();
    }

    /** Infinispan calls it. */
    @ViewChanged
    public void viewChanged(ViewChangedEvent event) {
        viewNsBySize.put(event.getNewMembers().size(), System.nanoTime());
    }

    private static String key(int index) {
        return "k" + index;
    }

    private static byte[] value(int bytes) {
        byte[] value = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(value);
        return value;
    }

    private void fill(List<String> words) throws Exception {
        int from = Integer.parseInt(words.get(0));
        int end = Integer.parseInt(words.get(1));
        int bytes = Integer.parseInt(words.get(2));
        ExecutorService fillers = Executors.newFixedThreadPool(FILLERS);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int part = 0; part < FILLERS; part++) {
                int first = from + part;
                parts.add(fillers.submit(() -> {
                    for (int i = first; i < end; i += FILLERS) {
                        for (AdvancedCache<String, byte[]> cache : caches) {
                            cache.put(key(i), value(bytes));
                        }
                    }
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        } finally {
            fillers.shutdownNow();
        }
        WorkerLoop.answer("filled");
    }

    private void load(List<String> words) throws Exception {
        GridLoad load = GridLoad.decode(words);
        OpenLoop loop = new OpenLoop();
        LongAdder failed = new LongAdder();
        loop.run(
                load.ratePerS(),
                Long.parseLong(words.get(4)),
                id -> requests.execute(() -> request(load, failed, loop, id)));
        WorkerLoop.answer("loaded", failed, loop.finish(ANSWER_BOUND_MS).encode());
    }

    private void request(GridLoad load, LongAdder failed, OpenLoop loop, long id) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        AdvancedCache<String, byte[]> cache = caches.get(random.nextInt(caches.size()));
        String key = key(random.nextInt(load.keys()));
        try {
            if (random.nextInt(100) < load.putPercent()) {
                cache.put(key, value(load.bytes()));
            } else if (cache.get(key) == null) {
                throw new IllegalStateException(key + " is lost");
            }
        } catch (RuntimeException e) {
            failed.increment();
            System.out.println("a request failed: " + e);
        }
        loop.ended(id);
    }

    private void view(List<String> words) throws InterruptedException {
        int size = Integer.parseInt(words.get(0));
        while (manager.getMembers().size() != size || !viewNsBySize.containsKey(size)) {
            Thread.sleep(POLL_MS);
        }
        WorkerLoop.answer("view", viewNsBySize.get(size));
    }

    private void settle(List<String> words) throws InterruptedException {
        int size = Integer.parseInt(words.get(0));
        while (!caches.stream().allMatch(cache -> isSettled(cache, size))) {
            Thread.sleep(POLL_MS);
        }
        WorkerLoop.answer("settled", System.nanoTime());
    }

    private static boolean isSettled(AdvancedCache<?, ?> cache, int size) {
        ConsistentHash owners =
                cache.getDistributionManager().getCacheTopology().getCurrentCH();
        int each =
                Math.min(size, cache.getCacheConfiguration().clustering().hash().numOwners());
        return owners.getMembers().size() == size
                && IntStream.range(0, owners.getNumSegments())
                        .allMatch(segment ->
                                owners.locateOwnersForSegment(segment).size() == each);
    }

    private void entries(List<String> none) {
        WorkerLoop.answer(
                "entries", caches.stream().mapToLong(cache -> cache.size()).sum());
    }

    private void leave(List<String> none) {
        manager.stop();
        WorkerLoop.answer("left");
    }
}
