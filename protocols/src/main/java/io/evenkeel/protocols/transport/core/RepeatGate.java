package io.evenkeel.protocols.transport.core;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets a line through once per interval and key, and a bounded number of lines of all keys, since a stranger can make
 * up keys; counts what it held back. Remembers a bounded number of keys, the least recently seen is forgotten first.
 * One writer.
 */
public final class RepeatGate {
    private final long intervalNs;
    private final int maxLines;
    private final Map<String, Line> lines;
    private long windowFromNs;
    private int passedInWindow;

    private static final class Line {
        private boolean passed;
        private long passedAtNs;
        private long held;
    }

    /**
     * A gate that has seen nothing yet.
     *
     * @param intervalNs how long a line of the same key is held back
     * @param maxKeys how many keys are remembered
     * @param maxLines how many lines of all keys pass in an interval
     */
    public RepeatGate(long intervalNs, int maxKeys, int maxLines) {
        this.intervalNs = intervalNs;
        this.maxLines = maxLines;
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
        Line line = lines.computeIfAbsent(key, any -> new Line());
        boolean repeated = line.passed && nowNs - line.passedAtNs < intervalNs;
        if (repeated || !within(nowNs)) {
            line.held++;
            return -1;
        }
        long held = line.held;
        line.held = 0;
        line.passed = true;
        line.passedAtNs = nowNs;
        passedInWindow++;
        return held;
    }

    private boolean within(long nowNs) {
        if (passedInWindow > 0 && nowNs - windowFromNs >= intervalNs) {
            passedInWindow = 0;
        }
        if (passedInWindow == 0) {
            windowFromNs = nowNs;
        }
        return passedInWindow < maxLines;
    }
}
