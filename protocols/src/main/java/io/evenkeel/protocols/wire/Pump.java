package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Moves frames from a lane to a connection: many senders cause one task on the event loop, one task causes one flush, and
 * a lone frame is flushed at once.
 */
final class Pump {
    private final WireStats stats;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean used;

    Pump(WireStats stats) {
        this.stats = stats;
    }

    /** Whether the caller has to schedule a run; the others find it scheduled. Any thread. */
    boolean schedule() {
        return scheduled.compareAndSet(false, true);
    }

    /** Before the queue is polled, so that whoever offers after the last poll schedules a new run. */
    void begin() {
        scheduled.set(false);
    }

    /** Writes what waits, as long as the connection takes it, or all of it. Event loop. */
    void run(ChannelHandlerContext ctx, Lane lane, boolean all) {
        int frames = 0;
        long bytes = 0;
        while (all || ctx.channel().isWritable()) {
            ByteBuf frame = lane.poll();
            if (frame == null) {
                break;
            }
            bytes += frame.readableBytes() - FrameType.HEADER_BYTES;
            ctx.write(frame, ctx.voidPromise());
            frames++;
        }
        if (frames > 0) {
            use();
            stats.framesSent.add(frames);
            stats.bytesSent.add(bytes);
            ctx.flush();
        }
    }

    /** Notes that a frame went over the connection in either direction. */
    void use() {
        used = true;
    }

    /** Whether that happened since the last time this was asked. One caller. */
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
