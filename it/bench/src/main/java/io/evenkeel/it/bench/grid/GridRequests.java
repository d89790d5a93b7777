package io.evenkeel.it.bench.grid;

import io.evenkeel.it.member.OpenLoop;
import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.WorkerLoop;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.infinispan.AdvancedCache;

/**
 * The requests of a node: gets and puts at a steady rate, one load at a time. Each method is a command of
 * {@link GridWorker}.
 */
final class GridRequests {
    private static final int THREADS = 400;
    private static final long ANSWER_BOUND_MS = 30_000;

    private final List<AdvancedCache<String, byte[]>> caches;
    // Enough for all that a second of silence holds up: a queue before them would be one more thing to measure.
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final LongAdder failed = new LongAdder();
    private volatile OpenLoop current = new OpenLoop();

    /** The list may still be empty; it has to be complete before the first load. */
    GridRequests(List<AdvancedCache<String, byte[]>> caches) {
        this.caches = caches;
    }

    static String key(int index) {
        return "k" + index;
    }

    static byte[] value(int bytes) {
        byte[] value = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(value);
        return value;
    }

    void load(List<String> words) throws Exception {
        GridLoad load = GridLoad.decode(words);
        OpenLoop loop = new OpenLoop();
        current = loop;
        loop.run(load.ratePerS(), Long.parseLong(words.get(4)), id -> threads.execute(() -> request(load, loop, id)));
        answer("loaded", loop.finish(ANSWER_BOUND_MS));
    }

    void cut(List<String> none) {
        answer("cut", current.cut());
    }

    void stop(List<String> none) {
        current.stop();
    }

    private void answer(String topic, RoundTrips trips) {
        WorkerLoop.answer(topic, failed.sumThenReset(), trips.encode());
    }

    private void request(GridLoad load, OpenLoop loop, long id) {
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
}
