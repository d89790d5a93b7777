package io.evenkeel.protocols.wire.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets a line through once per interval and key, and counts what it held back. Remembers a bounded number of keys, the
 * least recently seen is forgotten first. One writer.
 */
public final class RepeatGate {
    private final long intervalNs;
    private final Map<String, Line> lines;

    private static final class Line {
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
        this.lines = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Line> eldest) {
                return size() > maxKeys;
            }
        };
    }

    /** Returns -1 to hold the line back, otherwise how many of its kind were held back since the last one. */
    public long pass(String key, long nowNs) {
        Line line = lines.get(key);
        if (line == null) {
            line = new Line();
            line.passedAtNs = nowNs;
            lines.put(key, line);
            return 0;
        }
        if (nowNs - line.passedAtNs < intervalNs) {
            line.held++;
            return -1;
        }
        long held = line.held;
        line.held = 0;
        line.passedAtNs = nowNs;
        return held;
    }
}
