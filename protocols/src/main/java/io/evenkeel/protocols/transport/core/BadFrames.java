package io.evenkeel.protocols.transport.core;

import java.util.concurrent.TimeUnit;

/**
 * Counts the frames of one connection that could not be read, and tells when they are too many for a peer that is only
 * of another version. One writer.
 */
public final class BadFrames {
    /** Unreadable frames in a minute that end a connection. */
    public static final int LIMIT = 10;

    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);

    private int count;
    private long fromNs;

    /** Counts one more; whether the connection has to end. */
    public boolean add(long nowNs) {
        if (count == 0 || nowNs - fromNs >= WINDOW_NS) {
            count = 0;
            fromNs = nowNs;
        }
        return ++count >= LIMIT;
    }
}
