package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * Users who write versions of entries through any node and read them back, and the book of what they were told.
 *
 * <p>Each entry has one user. A write that failed, or that was answered while a death or a split was not accounted for
 * yet, may have been made or not: its entry is only read until it is quiet, and what is found then is the version.
 */
final class ChaosUsers {
    static final String EVERYWHERE = "work";
    static final String ONCE = "single";
    /** Caches that keep copies. */
    static final List<String> KEPT = List.of("sessions", "logins", EVERYWHERE);

    static final List<String> CACHES = List.of("sessions", "logins", EVERYWHERE, ONCE);

    private static final int USERS = 2;
    private static final int ENTRIES = 200;
    private static final int VALUE_BYTES = 200;
    private static final long PATIENCE_MS = 120_000;
    private static final long THINK_NS = TimeUnit.MILLISECONDS.toNanos(3);

    private final long seed;
    private final Supplier<List<ChaosCluster.Member>> serving;
    private final Map<String, Entry[]> book = new HashMap<>();
    private final AtomicInteger disturbances = new AtomicInteger();
    private final AtomicInteger disturbed = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger expendable = new AtomicInteger();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final ReadWriteLock quiet = new ReentrantReadWriteLock(true);
    private volatile boolean stopped;

    private static final class Entry {
        volatile int told;
        volatile int tried;
        volatile boolean unsure;
        volatile boolean mayBeLost;

        boolean admits(byte[] value, int number) {
            if (value == null) {
                return mayBeLost;
            }
            ByteBuffer content = ByteBuffer.wrap(value);
            int version = content.getInt();
            return value.length == VALUE_BYTES && content.getInt() == number && version >= told && version <= tried;
        }
    }

    ChaosUsers(long seed, Supplier<List<ChaosCluster.Member>> serving) {
        this.seed = seed;
        this.serving = serving;
    }

    void fill() {
        for (String cacheName : CACHES) {
            Map<String, byte[]> some = new HashMap<>();
            Entry[] entries = new Entry[ENTRIES];
            for (int number = 0; number < ENTRIES; number++) {
                entries[number] = new Entry();
                entries[number].mayBeLost = cacheName.equals(ONCE);
                some.put(key(number), value(number, 0));
            }
            book.put(cacheName, entries);
            insist(() -> serving.get().get(0).node.manager().getCache(cacheName).putAll(some));
        }
    }

    void start(Executor threads) {
        for (int user = 0; user < USERS; user++) {
            int first = user;
            Random random = new Random(seed * USERS + user);
            threads.execute(() -> {
                while (!stopped) {
                    quiet.readLock().lock();
                    try {
                        use(first, random);
                    } finally {
                        quiet.readLock().unlock();
                    }
                    LockSupport.parkNanos(THINK_NS);
                }
            });
        }
    }

    void stop() {
        stopped = true;
    }

    private void use(int user, Random random) {
        List<ChaosCluster.Member> open = serving.get();
        int number = random.nextInt(ENTRIES / USERS) * USERS + user;
        String cacheName = CACHES.get(random.nextInt(CACHES.size()));
        if (open.isEmpty()) {
            return;
        }
        ChaosCluster.Member member = open.get(random.nextInt(open.size()));
        Entry entry = book.get(cacheName)[number];
        int before = disturbances.get();
        try {
            if (random.nextInt(3) == 0 && !entry.unsure) {
                int version = entry.tried + 1;
                entry.tried = version;
                entry.unsure = true;
                await(member.node
                        .manager()
                        .<String, byte[]>getCache(cacheName)
                        .putAsync(key(number), value(number, version)));
                if (isSure(member, before)) {
                    entry.told = version;
                    entry.unsure = false;
                }
                writes.incrementAndGet();
            } else {
                byte[] value = await(member.node
                        .manager()
                        .<String, byte[]>getCache(cacheName)
                        .getAsync(key(number)));
                if (!entry.admits(value, number) && isSure(member, before)) {
                    wrong.add("%s of %s through %s: read %s, told %d, tried %d"
                            .formatted(key(number), cacheName, member, version(value), entry.told, entry.tried));
                }
                reads.incrementAndGet();
            }
        } catch (TimeoutException e) {
            // One that is killed never answers its users.
            if (!member.dead) {
                wrong.add(key(number) + " of " + cacheName + " through " + member + ": no answer");
            }
        } catch (RuntimeException | ExecutionException e) {
            failed.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(CompletableFuture<T> answer)
            throws TimeoutException, ExecutionException, InterruptedException {
        return answer.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    private boolean isSure(ChaosCluster.Member member, int before) {
        return member.serves() && disturbed.get() == 0 && disturbances.get() == before;
    }

    /** A death or a split begins. */
    void disturbed() {
        disturbances.incrementAndGet();
        disturbed.incrementAndGet();
    }

    /** The book knows what may be lost of it, and the split is over. */
    void accounted() {
        disturbed.decrementAndGet();
    }

    /** All other entries may be lost. */
    void retain(String cacheName, Predicate<String> isHeld) {
        Entry[] entries = book.get(cacheName);
        for (int number = 0; number < ENTRIES; number++) {
            if (!entries[number].mayBeLost && !isHeld.test(key(number))) {
                entries[number].mayBeLost = true;
                expendable.incrementAndGet();
            }
        }
    }

    /** Runs a check while nobody reads or writes, and goes on from what it found. */
    void whileQuiet(Runnable check) {
        quiet.writeLock().lock();
        try {
            check.run();
            assertThat(wrong).as("read").isEmpty();
            for (String cacheName : CACHES) {
                Entry[] entries = book.get(cacheName);
                for (int number = 0; number < ENTRIES; number++) {
                    adopt(cacheName, number, entries[number]);
                }
            }
        } finally {
            quiet.writeLock().unlock();
        }
    }

    private void adopt(String cacheName, int number, Entry entry) {
        if (entry.unsure || entry.mayBeLost) {
            ChaosCluster.Member member = serving.get().get(0);
            // Written again, as copies may differ after a write that failed.
            int version = entry.tried + 1;
            entry.tried = version;
            insist(() ->
                    member.node.manager().<String, byte[]>getCache(cacheName).put(key(number), value(number, version)));
            entry.told = version;
            entry.unsure = false;
            entry.mayBeLost = cacheName.equals(ONCE);
        }
    }

    /** Users give up soon, the test's own writes do not. */
    private static void insist(Runnable write) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .atMost(ChaosCluster.LIMIT)
                .ignoreExceptionsInstanceOf(RuntimeException.class)
                .untilAsserted(write::run);
    }

    /** Looks whether every entry is there, on so many nodes, and in a version that it may have. */
    void check(String cacheName, Map<String, Map<String, byte[]>> copies, int owners, UnaryOperator<String> segment) {
        Entry[] entries = book.get(cacheName);
        Collection<String> faults = new ArrayList<>();
        for (int number = 0; number < ENTRIES; number++) {
            Entry entry = entries[number];
            int which = number;
            Map<String, byte[]> some = copies.getOrDefault(key(number), Map.of());
            // Infinispan may leave one copy of what is written while a segment whose owners have all died gets new
            // ones.
            if ((some.size() != owners && !entry.mayBeLost)
                    || !some.values().stream().allMatch(value -> entry.admits(value, which))) {
                Map<String, String> versions = new TreeMap<>();
                some.forEach((node, value) -> versions.put(node, version(value)));
                faults.add("%s in segment %s: versions %s, told %d, tried %d"
                        .formatted(key(number), segment.apply(key(number)), versions, entry.told, entry.tried));
            }
        }
        assertThat(faults)
                .as("copies in %s, of which there should be %d", cacheName, owners)
                .isEmpty();
    }

    String counts() {
        return "%d writes, %d reads, %d failed, %d times an entry might be lost"
                .formatted(writes.get(), reads.get(), failed.get(), expendable.get());
    }

    private static String key(int number) {
        return "key-" + number;
    }

    private static byte[] value(int number, int version) {
        return ByteBuffer.allocate(VALUE_BYTES).putInt(version).putInt(number).array();
    }

    private static String version(byte[] value) {
        return value == null ? "nothing" : String.valueOf(ByteBuffer.wrap(value).getInt());
    }
}
