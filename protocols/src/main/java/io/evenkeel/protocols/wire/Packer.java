package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.util.ByteArrayDataOutputStream;

/**
 * Makes frames of what waits in a lane: messages that queued up while the event loop was busy go into one frame, a lone
 * one goes at once. One thread.
 */
final class Packer {
    /** What is kept between two frames; a message larger than that has a buffer of its own. */
    private static final int KEPT_BYTES = 256 * 1024;

    private final WireContext wire;
    private final Consumer<List<Message>> serialised;
    private final List<Message> bundle = new ArrayList<>();
    private ByteArrayDataOutputStream body;

    /** With what is told of messages once they are in a frame: until then nobody else may touch them. */
    Packer(WireContext wire, Consumer<List<Message>> serialised) {
        this.wire = wire;
        this.serialised = serialised;
    }

    /** Takes the next frame's worth from the lane; null if nothing waits. */
    ByteBuf next(Lane lane, ByteBufAllocator allocator) {
        for (Parcel first = lane.peek(); first != null; first = lane.peek()) {
            if (!lane.take(first)) {
                // The connection that was here before is at work on the same lane.
                continue;
            }
            if (first.frame != null) {
                return first.frame;
            }
            collect(lane, first);
            try {
                ByteBuf frame = frame(allocator);
                if (frame != null) {
                    serialised.accept(bundle);
                    return frame;
                }
            } finally {
                bundle.clear();
            }
        }
        return null;
    }

    private void collect(Lane lane, Parcel first) {
        bundle.add(first.message);
        Address destination = first.message.getDest();
        long roomBytes = (long) wire.bundles().maxBytes() - first.bytes;
        for (Parcel next = lane.peek(); next != null; next = lane.peek()) {
            boolean fits = next.message != null
                    && next.bytes <= roomBytes
                    && Objects.equals(next.message.getDest(), destination);
            if (!fits) {
                return;
            }
            if (lane.take(next)) {
                bundle.add(next.message);
                roomBytes -= next.bytes;
            }
        }
    }

    /** Null if the messages cannot be sent, which is said and counted. */
    private ByteBuf frame(ByteBufAllocator allocator) {
        if (body == null || body.capacity() > KEPT_BYTES) {
            body = new ByteArrayDataOutputStream(wire.bundles().maxBytes(), true);
        }
        body.position(0);
        try {
            wire.bundles().write(bundle, body);
        } catch (IOException | RuntimeException e) {
            // Whatever the message's own code throws must not end the connection.
            lost("cannot be serialised: " + e);
            return null;
        }
        if (1 + body.position() > wire.config.maxFrameBytes()) {
            lost("are " + body.position() + " bytes, above max_frame_size=" + wire.config.maxFrameBytes()
                    + "; put FRAG4 into the stack, or raise max_frame_size on all members");
            return null;
        }
        return Frames.of(allocator, FrameType.DATA, body.buffer(), 0, body.position());
    }

    private void lost(String why) {
        wire.stats.dropped(WireStats.Drop.UNSENDABLE);
        wire.log.unsendable(bundle.size() + " messages to " + bundle.get(0).getDest() + " ", why);
    }
}
