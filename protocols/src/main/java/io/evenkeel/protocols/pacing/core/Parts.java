package io.evenkeel.protocols.pacing.core;

/**
 * The sizes of the parts that a window is filled with, in bytes: a quarter of it, small enough for the users behind one
 * and few enough for processors.
 */
final class Parts {
    private static final int IN_A_WINDOW = 4;

    private Parts() {}

    /** The size of a part where nothing else limits it. */
    static int fullBytes(long windowBytes) {
        long limited = Math.min(PacingPolicy.MAX_FRAGMENT_BYTES, quarterBytes(windowBytes));
        return (int) Math.max(PacingPolicy.MIN_FRAGMENT_BYTES, limited);
    }

    private static long quarterBytes(long windowBytes) {
        return windowBytes / IN_A_WINDOW;
    }

    /** The next part of so many bytes: what the window has room for, unless that is tiny. */
    static int nextBytes(int bytes, long windowBytes, long inFlightBytes) {
        int full = fullBytes(windowBytes);
        int next = Math.min(bytes, full);
        long room = Math.max(0, windowBytes - inFlightBytes);
        return room >= full / 2 ? (int) Math.min(next, room) : next;
    }

    /**
     * The bytes before a probe: more than a quarter of the window, so that half of it is acknowledged at a time (as
     * each second segment is in TCP, RFC 5681, section 4.2), or one part of the smallest size.
     */
    static long toProbeBytes(long windowBytes) {
        return fullBytes(windowBytes) == PacingPolicy.MIN_FRAGMENT_BYTES
                ? PacingPolicy.MIN_FRAGMENT_BYTES
                : quarterBytes(windowBytes) + 1;
    }
}
