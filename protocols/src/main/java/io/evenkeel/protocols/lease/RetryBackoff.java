package io.evenkeel.protocols.lease;

import io.evenkeel.protocols.lease.LeaseTableException.Kind;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time between the attempts to reach the table. It doubles from one failure to the next, up to a bound:
 * <ul>
 *   <li>an outage: from 0.2 s to a heartbeat interval, so that every row is back within two beats;
 *   <li>a fault that an operator has to mend: from 0.2 to 30 s;
 * <li>a refused login: from 5 s to 5 min with jitter, as databases lock an account after a few refusals, and all
 * members use the same one.
 * </ul>
 *
 * <p>Single writer, not thread-safe.
 */
public final class RetryBackoff {
    private static final long FIRST_MS = 200;
    private static final long FIRST_LOGIN_MS = 5_000;
    private static final long MAX_MISCONFIGURED_MS = 30_000;
    private static final long MAX_LOGIN_MS = 300_000;

    private final long maxOutageMs;
    private @Nullable Kind kind;
    private long delayMs;

    /** @param maxOutageMs greatest time between two attempts during an outage */
    public RetryBackoff(long maxOutageMs) {
        this.maxOutageMs = maxOutageMs;
    }

    /** An attempt worked. */
    public void reset() {
        kind = null;
    }

    /**
     * An attempt failed.
     *
     * @param random in [0, 1)
     * @return the time to wait for the next
     */
    public long nextNs(Kind failure, double random) {
        boolean login = failure == Kind.REFUSED_LOGIN;
        long maxMs = login ? MAX_LOGIN_MS : failure != Kind.OUTAGE ? MAX_MISCONFIGURED_MS : maxOutageMs;
        delayMs = Math.min(maxMs, failure == kind ? delayMs * 2 : login ? FIRST_LOGIN_MS : FIRST_MS);
        kind = failure;
        long delayNs = TimeUnit.MILLISECONDS.toNanos(delayMs);
        return login ? (long) (delayNs * (0.5 + 0.5 * random)) : delayNs;
    }
}
