package io.evenkeel.it.bench.grid;

import io.evenkeel.it.member.WorkerLoop;
import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.restart.RestartOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.internal.PrivateCacheConfigurationBuilder;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.distribution.ch.impl.DefaultConsistentHashFactory;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;
import org.infinispan.remoting.transport.Transport;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.stack.ProtocolStack;

/**
 * An Infinispan node in a JVM of its own.
 *
 * <ul>
 *   <li>{@code fill FROM END BYTES}: puts these entries into all caches; answers {@code filled}
 * <li>{@code load RATE PUT_PERCENT KEYS BYTES MS}: answers {@code loaded}, how many requests failed, and the round
 * trips
 *   <li>{@code cut}: answers {@code cut} with the same of the load that goes on, which is then no part of later answers
 *   <li>{@code stop}: ends the load before its time
 *   <li>{@code pacing}: answers {@code pacing} with the words of a {@link Pacing}
 * <li>{@code view SIZE SINCE}: waits for a view of that size, not an earlier one; answers {@code view} and when it came
 * <li>{@code settle SIZE}: waits until all entries have their owners among so many nodes; answers {@code settled} and
 * when that was
 *   <li>{@code received}: the bytes of all messages that the transport has received
 *   <li>{@code entries}: how many entries there are in all caches
 *   <li>{@code leave}: stops the node; answers {@code left}
 * </ul>
 */
@Listener
public final class GridWorker {
    private static final int FILLERS = 4;
    private static final int BATCH = 64;
    private static final long POLL_MS = 1;

    private final DefaultCacheManager manager;
    private final List<AdvancedCache<String, byte[]>> caches = new ArrayList<>();
    private final Map<Integer, Long> viewNsBySize = new ConcurrentHashMap<>();
    private final GridRequests requests = new GridRequests(caches);

    private GridWorker(String name, String stackFile, GridSpec spec) {
        GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
        global.transport().nodeName(name).clusterName("grid").addProperty("configurationFile", stackFile);
        if (!spec.easesRestarts()) {
            global.transport().addProperty(RestartOptions.GRACE, "0");
            global.transport().addProperty(RestartOptions.GUARD, "0");
        }
        ConfigurationBuilder cache = new ConfigurationBuilder();
        cache.clustering().cacheMode(CacheMode.DIST_SYNC).hash().numOwners(spec.owners());
        if (spec.chunkEntries() > 0) {
            cache.clustering().stateTransfer().chunkSize(spec.chunkEntries());
        }
        // Infinispan's usual one hangs on the members' random addresses: joins of one run would move 10 % more or less.
        cache.addModule(PrivateCacheConfigurationBuilder.class)
                .consistentHashFactory(DefaultConsistentHashFactory.getInstance());
        manager = new DefaultCacheManager(global.build(), false);
        for (int i = 0; i < spec.caches(); i++) {
            manager.defineConfiguration("c" + i, cache.build());
        }
        manager.start();
        manager.addListener(this);
        viewNsBySize.put(manager.getMembers().size(), System.nanoTime());
        if (spec.start() == CacheStart.TOGETHER) {
            manager.startCaches(manager.getCacheConfigurationNames().toArray(String[]::new));
        }
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
        commands.put("load", node.requests::load);
        commands.put("cut", node.requests::cut);
        commands.put("stop", node.requests::stop);
        commands.put("pacing", node::pacing);
        commands.put("view", node::view);
        commands.put("settle", node::settle);
        commands.put("received", node::received);
        commands.put("entries", node::entries);
        commands.put("leave", node::leave);
        new WorkerLoop(commands).serve();
    }

    /** Infinispan calls it; a joiner that had begun a cluster of its own comes with a merge. */
    @ViewChanged
    @Merged
    public void viewChanged(ViewChangedEvent event) {
        viewNsBySize.put(event.getNewMembers().size(), System.nanoTime());
    }

    private void fill(List<String> words) throws Exception {
        int from = Integer.parseInt(words.get(0));
        int end = Integer.parseInt(words.get(1));
        int bytes = Integer.parseInt(words.get(2));
        ExecutorService fillers = Executors.newFixedThreadPool(FILLERS);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int part = 0; part < FILLERS; part++) {
                int first = from + (int) ((long) (end - from) * part / FILLERS);
                int last = from + (int) ((long) (end - from) * (part + 1) / FILLERS);
                parts.add(fillers.submit(() -> put(first, last, bytes)));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        } finally {
            fillers.shutdownNow();
        }
        WorkerLoop.answer("filled");
    }

    private void put(int from, int end, int bytes) {
        for (int batch = from; batch < end; batch += BATCH) {
            for (AdvancedCache<String, byte[]> cache : caches) {
                Map<String, byte[]> entries = new HashMap<>();
                for (int i = batch; i < Math.min(end, batch + BATCH); i++) {
                    entries.put(GridRequests.key(i), GridRequests.value(bytes));
                }
                cache.putAll(entries);
            }
        }
    }

    private ProtocolStack stack() {
        JGroupsTransport transport = (JGroupsTransport) GlobalComponentRegistry.componentOf(manager, Transport.class);
        return transport.getChannel().getProtocolStack();
    }

    private void received(List<String> none) {
        WorkerLoop.answer("received", stack().getTransport().getMessageStats().getNumBytesReceived());
    }

    private void pacing(List<String> none) {
        STATE_FC pacing = stack().findProtocol(STATE_FC.class);
        WorkerLoop.answer("pacing", (pacing == null ? Pacing.NONE : Pacing.takeFrom(pacing)).words());
    }

    private void view(List<String> words) throws InterruptedException {
        int size = Integer.parseInt(words.get(0));
        long sinceNs = Long.parseLong(words.get(1));
        // The members are there before the listener is told.
        Long viewNs = viewNsBySize.get(size);
        while (manager.getMembers().size() != size || viewNs == null || viewNs < sinceNs) {
            Thread.sleep(POLL_MS);
            viewNs = viewNsBySize.get(size);
        }
        WorkerLoop.answer("view", viewNs);
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
