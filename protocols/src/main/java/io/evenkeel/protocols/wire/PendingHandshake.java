package io.evenkeel.protocols.wire;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A connection that has not been accepted yet: bounded in time, and if it came in, counted. Event loop. */
final class PendingHandshake {
    private final WireContext wire;
    private final boolean incoming;
    private final Future<?> timer;
    private boolean ended;

    PendingHandshake(WireContext wire, boolean incoming, EventExecutor loop, Runnable onTimeout) {
        this.wire = wire;
        this.incoming = incoming;
        if (incoming) {
            wire.stats.pendingHandshakes.incrementAndGet();
        }
        timer = loop.schedule(onTimeout, wire.config.handshakeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    /** It was accepted or has ended; the second call does nothing. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        timer.cancel(false);
        if (incoming) {
            wire.stats.pendingHandshakes.decrementAndGet();
        }
    }
}
