package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.frame.FrameBuilder;
import io.evenkeel.protocols.transport.frame.Frames;
import io.evenkeel.protocols.transport.frame.SendQueue;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves frames from a queue to a connection: many senders cause one task on the event loop, one task causes one flush,
 * and a lone frame is flushed at once.
 */
public final class ConnectionWriter {
    private final TransportStats stats;
    private final FrameBuilder builder;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean used;

    private volatile @Nullable Source source;

    private record Source(SendQueue queue, BooleanSupplier inUse) {}

    ConnectionWriter(TransportContext transport) {
        this.stats = transport.stats;
        this.builder = new FrameBuilder(
                transport.config.maxFrameBytes(), transport::bundles, transport.stats, transport.log, messages -> {});
    }

    /**
     * Gives it what to empty, once both sides have taken the connection.
     *
     * @param inUse whether the connection is the one that the queue's frames go over
     */
    public void empty(SendQueue queue, BooleanSupplier inUse) {
        source = new Source(queue, inUse);
    }

    /** True if the caller has to schedule a run; the others find it scheduled. Any thread. */
    boolean schedule() {
        return scheduled.compareAndSet(false, true);
    }

    /** Before the queue is polled, so that a sender that offers after the last poll schedules a new run. */
    void begin() {
        scheduled.set(false);
    }

    /** Writes what waits, as long as the connection takes it. Event loop. */
    void drain(ChannelHandlerContext ctx, Framing framing) {
        run(ctx, framing, false);
    }

    /** Writes all that waits. Event loop. */
    void drainAll(ChannelHandlerContext ctx, Framing framing) {
        run(ctx, framing, true);
    }

    private void run(ChannelHandlerContext ctx, Framing framing, boolean all) {
        Source from = source;
        // Not before both sides have taken the connection, nor once another one took its place.
        if (from == null || !from.inUse.getAsBoolean()) {
            return;
        }
        int frames = 0;
        long bytes = 0;
        while (all || ctx.channel().isWritable()) {
            ByteBuf frame = builder.next(from.queue, ctx.alloc());
            if (frame == null) {
                break;
            }
            bytes += frame.readableBytes() - FrameType.HEADER_BYTES;
            Frames.writeData(ctx, framing, frame);
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

    /** True if that happened since the last time this was asked. One caller. */
    public boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
