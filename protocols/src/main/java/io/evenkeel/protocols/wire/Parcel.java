package io.evenkeel.protocols.wire;

import io.netty.buffer.ByteBuf;
import org.jgroups.Message;

/**
 * One thing that waits in a lane: a message that is serialised when its turn has come, or a frame that is ready. Its size
 * is taken once: a message may grow by a header while it waits, and what was added to a sum has to be taken from it.
 *
 * <p>Equal to itself only, so that it can be taken out of a queue.
 */
final class Parcel {
    /** null for a frame. */
    final Message message;
    /** null for a message. */
    final ByteBuf frame;

    final int bytes;

    Parcel(Message message, int bytes) {
        this.message = message;
        this.frame = null;
        this.bytes = bytes;
    }

    Parcel(ByteBuf frame) {
        this.message = null;
        this.frame = frame;
        this.bytes = frame.readableBytes();
    }

    /** Gives back what it holds; it will not be sent. */
    void discard() {
        if (frame != null) {
            frame.release();
        }
    }
}
