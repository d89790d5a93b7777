package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.Message;

/**
 * Makes frames of what waits in a lane: messages that queued up while the event loop was busy go into one frame, a lone
 * one goes at once. One thread.
 */
final class Packer {
    private final WireContext wire;
    private final Consumer<List<Message>> serialised;
    private final List<Message> bundle = new ArrayList<>();

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
            try {
                ByteBuf frame = frame(allocator, collect(lane, first));
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

    /** Takes what fits into a frame with the first; returns about how many bytes that is. */
    private int collect(Lane lane, Parcel first) {
        bundle.add(first.message);
        Address destination = first.message.getDest();
        int bytes = first.bytes;
        int maxBytes = wire.bundles().maxBytes();
        for (Parcel next = lane.peek(); next != null; next = lane.peek()) {
            boolean fits = next.message != null
                    && (long) bytes + next.bytes <= maxBytes
                    && Objects.equals(next.message.getDest(), destination);
            if (!fits) {
                break;
            }
            if (lane.take(next)) {
                bundle.add(next.message);
                bytes += next.bytes;
            }
        }
        return bytes;
    }

    /** Null if the messages cannot be sent, which is said and counted. */
    private ByteBuf frame(ByteBufAllocator allocator, int bytes) {
        ByteBuf frame = Frames.begin(allocator, FrameType.DATA, bytes);
        boolean ready = false;
        try {
            wire.bundles().write(bundle, new ByteBufOutputStream(frame));
            ready = Frames.end(frame) <= wire.config.maxFrameBytes();
            if (!ready) {
                lost("are " + (frame.readableBytes() - FrameType.HEADER_BYTES) + " bytes, above max_frame_size="
                        + wire.config.maxFrameBytes()
                        + "; put FRAG4 into the stack, or raise max_frame_size on all members");
            }
        } catch (IOException | RuntimeException e) {
            // Whatever the message's own code throws must not end the connection.
            lost("cannot be serialised: " + e);
        } finally {
            if (!ready) {
                frame.release();
            }
        }
        return ready ? frame : null;
    }

    private void lost(String why) {
        wire.stats.dropped(WireStats.Drop.UNSENDABLE);
        wire.log.unsendable(bundle.size() + " messages to " + bundle.get(0).getDest() + " ", why);
    }
}
