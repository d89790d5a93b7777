package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Moves frames from a lane to a connection: many senders cause one task on the event loop, one task causes one flush, and
 * a lone frame is flushed at once.
 */
final class Outbox {
    private final WireStats stats;
    private final Packer packer;
    private final PeerConnection owner;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean used;

    /** What it empties; set by the control loop before the connection opens. */
    volatile Lane lane;

    Outbox(WireContext wire, PeerConnection owner) {
        this.stats = wire.stats;
        this.packer = new Packer(wire, messages -> {});
        this.owner = owner;
    }

    /** Whether the caller has to schedule a run; the others find it scheduled. Any thread. */
    boolean schedule() {
        return scheduled.compareAndSet(false, true);
    }

    /** Before the queue is polled, so that whoever offers after the last poll schedules a new run. */
    void begin() {
        scheduled.set(false);
    }

    /** Writes what waits, as long as the connection takes it. Event loop. */
    void drain(ChannelHandlerContext ctx) {
        run(ctx, false);
    }

    /** Writes all that waits. Event loop. */
    void drainAll(ChannelHandlerContext ctx) {
        run(ctx, true);
    }

    private void run(ChannelHandlerContext ctx, boolean all) {
        Lane from = lane;
        // Not before the connection is confirmed, nor once another one took its place.
        if (from == null || from.current != owner) {
            return;
        }
        int frames = 0;
        long bytes = 0;
        while (all || ctx.channel().isWritable()) {
            ByteBuf frame = packer.next(from, ctx.alloc());
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
