package io.evenkeel.protocols.transport.config;

import java.util.concurrent.TimeUnit;

/**
 * The kernel's way to find out that a peer's host is gone without a word (RFC 9293, section 3.8.4; RFC 5482).
 *
 * <p>A peer that is only stopped or collecting garbage is concerned once more has been sent to it than its kernel
 * takes: Linux counts the time in which data cannot leave for a window of zero as well (tcp(7), TCP_USER_TIMEOUT),
 * although the kernel goes on answering. That costs a connection and no member: the next attempt is not refused.
 *
 * @param idleS how long a connection is idle before the first probe
 * @param intervalS between two probes
 * @param probes unanswered ones that end the connection
 * @param unacknowledgedMs how long what was sent may lie unacknowledged, or wait for the peer's window
 */
public record KeepAlive(int idleS, int intervalS, int probes, int unacknowledgedMs) {
    /** The kernel counts in seconds, and a probe may get lost. */
    static final int MIN_TIMEOUT_MS = 3_000;

    private static final int WANTED_PROBES = 5;

    /** Ends a connection so long after the last sign of the peer's host, rounded to seconds. */
    public static KeepAlive within(int timeoutMs) {
        int timeoutS = (int) TimeUnit.MILLISECONDS.toSeconds(timeoutMs);
        int idleS = timeoutS / 3;
        int intervalS = Math.max(1, (timeoutS - idleS) / WANTED_PROBES);
        return new KeepAlive(idleS, intervalS, (timeoutS - idleS) / intervalS, timeoutMs);
    }
}
