package io.evenkeel.stacks.infinispan;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A set of the latest values: at least {@link #LIMIT} of them, at most twice as many. When one half is full, the older
 * one is forgotten; a value that is never taken out does not stay for ever.
 *
 * <p>Safe for any number of threads.
 */
final class BoundedSet<T> {
    static final int LIMIT = 4_096;

    private volatile Set<T> younger = ConcurrentHashMap.newKeySet();
    private volatile Set<T> older = ConcurrentHashMap.newKeySet();

    void add(T value) {
        younger.add(value);
        if (younger.size() >= LIMIT) {
            turnOver();
        }
    }

    private synchronized void turnOver() {
        if (younger.size() >= LIMIT) {
            older = younger;
            younger = ConcurrentHashMap.newKeySet();
        }
    }

    boolean contains(T value) {
        return younger.contains(value) || older.contains(value);
    }

    boolean remove(T value) {
        return younger.remove(value) || older.remove(value);
    }

    boolean isEmpty() {
        return younger.isEmpty() && older.isEmpty();
    }
}
