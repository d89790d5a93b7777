package io.evenkeel.protocols.transport.frame;

import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.config.TransportLog;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of what waits in a queue: messages that queued up while the event loop was busy go into one frame, a
 * lone one goes at once. One thread.
 */
public final class FrameBuilder {
    private final int maxFrameBytes;
    private final Supplier<BundleFormat> format;
    private final TransportStats stats;
    private final TransportLog log;
    private final Consumer<List<Message>> serialised;
    private final List<Message> bundle = new ArrayList<>();

    /**
     * A builder that makes no frame yet.
     *
     * @param maxFrameBytes the limit of the peers
     * @param format set before the first message waits
     * @param serialised hears of messages once they are in a frame: until then nothing else may touch them
     */
    public FrameBuilder(
            int maxFrameBytes,
            Supplier<BundleFormat> format,
            TransportStats stats,
            TransportLog log,
            Consumer<List<Message>> serialised) {
        this.maxFrameBytes = maxFrameBytes;
        this.format = format;
        this.stats = stats;
        this.log = log;
        this.serialised = serialised;
    }

    /** Takes the next frame's worth from the queue; null if nothing waits. */
    public @Nullable ByteBuf next(SendQueue queue, ByteBufAllocator allocator) {
        for (OutboundMessage first = queue.peek(); first != null; first = queue.peek()) {
            if (!queue.take(first)) {
                // The connection that was here before is at work on the same queue.
                continue;
            }
            if (first.frame != null) {
                return first.frame;
            }
            try {
                ByteBuf frame = frame(allocator, collect(queue, first));
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
    private int collect(SendQueue queue, OutboundMessage first) {
        Message message = Objects.requireNonNull(first.message);
        bundle.add(message);
        Address destination = message.getDest();
        int bytes = first.bytes;
        int maxBytes = format.get().maxBytes();
        for (OutboundMessage next = queue.peek(); next != null; next = queue.peek()) {
            boolean fits = next.message != null
                    && (long) bytes + next.bytes <= maxBytes
                    && Objects.equals(next.message.getDest(), destination);
            if (!fits) {
                break;
            }
            if (queue.take(next)) {
                bundle.add(next.message);
                bytes += next.bytes;
            }
        }
        return bytes;
    }

    /** Null if the messages cannot be sent, which is said and counted. */
    private @Nullable ByteBuf frame(ByteBufAllocator allocator, int bytes) {
        ByteBuf frame = Frames.begin(allocator, FrameType.DATA, bytes);
        boolean ready = false;
        try {
            format.get().write(bundle, new ByteBufOutputStream(frame));
            ready = Frames.end(frame) <= maxFrameBytes;
            if (!ready) {
                lost("are " + (frame.readableBytes() - FrameType.HEADER_BYTES) + " bytes, above max_frame_size="
                        + maxFrameBytes
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
        stats.dropped(TransportStats.Drop.UNSENDABLE);
        log.warn(TransportMessages.UNSENDABLE, bundle.size(), bundle.get(0).getDest(), why);
    }
}
