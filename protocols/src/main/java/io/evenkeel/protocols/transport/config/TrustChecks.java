package io.evenkeel.protocols.transport.config;

import java.time.Duration;

/**
 * The schedule by which peers of open connections are judged again, named as the properties of TCP_NETTY are.
 *
 * @param intervalMs between two rounds, on the average
 * @param renewalGraceMs how long an expired certificate is good enough for a connection that is open
 */
public record TrustChecks(long intervalMs, long renewalGraceMs) {
    private static final long MAX_INTERVAL_MS = Duration.ofDays(1).toMillis();
    private static final long MAX_GRACE_MS = Duration.ofDays(365).toMillis();

    public TrustChecks {
        if (intervalMs < 1 || intervalMs > MAX_INTERVAL_MS) {
            throw new IllegalArgumentException(
                    "trust_check_interval=" + intervalMs + " must be from 1 to " + MAX_INTERVAL_MS + " ms");
        }
        if (renewalGraceMs < 0 || renewalGraceMs > MAX_GRACE_MS) {
            throw new IllegalArgumentException(
                    "renewal_grace=" + renewalGraceMs + " must be from 0 to " + MAX_GRACE_MS + " ms");
        }
    }
}
