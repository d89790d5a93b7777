package io.evenkeel.protocols.transport.frame;

import io.netty.buffer.ByteBuf;
import org.jgroups.Message;
import org.jspecify.annotations.Nullable;

/**
 * One thing that waits in a queue: a message that is serialised when its turn has come, or a frame that is ready. Its
 * size is taken once: a message may grow by a header while it waits, and what was added to a sum has to be taken from
 * it.
 *
 * <p>Equal to itself only, so that it can be taken out of a queue.
 */
public final class OutboundMessage {
    /** null for a frame. */
    final @Nullable Message message;
    /** null for a message. */
    final @Nullable ByteBuf frame;

    final int bytes;

    public OutboundMessage(Message message, int bytes) {
        this.message = message;
        this.frame = null;
        this.bytes = bytes;
    }

    public OutboundMessage(ByteBuf frame) {
        this.message = null;
        this.frame = frame;
        this.bytes = frame.readableBytes();
    }

    /** Gives back what it holds; it will not be sent. */
    public void discard() {
        if (frame != null) {
            frame.release();
        }
    }
}
