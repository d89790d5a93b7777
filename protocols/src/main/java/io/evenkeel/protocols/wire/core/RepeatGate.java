package io.evenkeel.protocols.wire.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets a line through once per interval and key, and counts what it held back. Remembers a bounded number of keys, the
 * least recently seen is forgotten first. One writer.
 */
public final class RepeatGate {
    private final long intervalNs;
    private final Map<String, Entry> entries;

    private static final class Entry {
        private long passedAtNs;
        private long held;
    }

    /**
     * A gate that has seen nothing yet.
     *
     * @param intervalNs how long a line of the same key is held back
     * @param maxKeys how many keys are remembered
     */
    public RepeatGate(long intervalNs, int maxKeys) {
        this.intervalNs = intervalNs;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
                return size() > maxKeys;
            }
        };
    }

    /** Returns -1 to hold the line back, otherwise how many of its kind were held back since the last one. */
    public long pass(String key, long nowNs) {
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry();
            entry.passedAtNs = nowNs;
            entries.put(key, entry);
            return 0;
        }
        if (nowNs - entry.passedAtNs < intervalNs) {
            entry.held++;
            return -1;
        }
        long held = entry.held;
        entry.held = 0;
        entry.passedAtNs = nowNs;
        return held;
    }
}
