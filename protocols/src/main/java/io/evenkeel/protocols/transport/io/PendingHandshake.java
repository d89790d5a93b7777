package io.evenkeel.protocols.transport.io;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A connection that has not been accepted yet: bounded in time, and if it came in, one of a bounded number. Event loop. */
final class PendingHandshake {
    private final ChannelHandlerContext ctx;
    private final Future<?> timer;

    PendingHandshake(ChannelHandlerContext ctx, int timeoutMs, Runnable onTimeout) {
        this.ctx = ctx;
        timer = ctx.executor().schedule(onTimeout, timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** It was accepted or has ended; the second call does nothing. */
    void end() {
        timer.cancel(false);
        HandshakeLimiter.introduced(ctx.channel());
    }
}
