package io.evenkeel.protocols.transport.io;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A connection that has not been taken by both sides yet: bounded in time, and until it is accepted, one of a bounded
 * number if it came in. Event loop.
 */
final class PendingHandshake {
    private final ChannelHandlerContext ctx;
    private final Future<?> timer;

    PendingHandshake(ChannelHandlerContext ctx, int timeoutMs, Runnable onTimeout) {
        this.ctx = ctx;
        timer = ctx.executor().schedule(onTimeout, timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** It was accepted, and its peer has to confirm that. */
    void accepted() {
        HandshakeLimiter.introduced(ctx.channel());
    }

    /** Both sides have taken it, or it has ended; the second call does nothing. */
    void end() {
        timer.cancel(false);
        HandshakeLimiter.introduced(ctx.channel());
    }
}
