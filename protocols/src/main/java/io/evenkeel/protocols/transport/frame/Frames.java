package io.evenkeel.protocols.transport.frame;

import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.StockFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/** Makes frames. */
public final class Frames {
    private static final byte[] NOTHING = {};

    private Frames() {}

    public static ByteBuf of(ByteBufAllocator allocator, FrameType type, byte[] body, int offset, int length) {
        ByteBuf frame = begin(allocator, type, length).writeBytes(body, offset, length);
        end(frame);
        return frame;
    }

    /** A frame whose body, of about so many bytes, is still to be written. */
    public static ByteBuf begin(ByteBufAllocator allocator, FrameType type, int bodyBytes) {
        return allocator
                .buffer(FrameType.HEADER_BYTES + bodyBytes)
                .writeZero(FrameType.LENGTH_BYTES)
                .writeByte(type.code());
    }

    /** Sets the length of a frame whose body is written, and returns it: the bytes of type and body. */
    public static int end(ByteBuf frame) {
        int length = frame.readableBytes() - FrameType.LENGTH_BYTES;
        frame.setInt(frame.readerIndex(), length);
        return length;
    }

    public static ChannelFuture write(ChannelHandlerContext ctx, FrameType type, byte[] body) {
        return ctx.writeAndFlush(of(ctx.alloc(), type, body, 0, body.length));
    }

    public static ChannelFuture write(ChannelHandlerContext ctx, FrameType type) {
        return write(ctx, type, NOTHING);
    }

    /** Writes a whole DATA frame in a form that others can read, without a flush; the frame's bytes may be shared. */
    public static void writeData(ChannelHandlerContext ctx, Framing framing, ByteBuf frame) {
        if (framing == Framing.STOCK) {
            int bodyBytes = frame.readableBytes() - FrameType.HEADER_BYTES;
            ctx.write(ctx.alloc().buffer(Integer.BYTES).writeInt(bodyBytes), ctx.voidPromise());
            frame.skipBytes(FrameType.HEADER_BYTES);
        }
        ctx.write(frame, ctx.voidPromise());
    }

    /** Says that this side closes the connection on purpose. */
    public static ChannelFuture writeGoodbye(ChannelHandlerContext ctx, Framing framing) {
        return framing == Framing.OWN
                ? write(ctx, FrameType.GOODBYE)
                : ctx.writeAndFlush(ctx.alloc().buffer(Integer.BYTES).writeInt(StockFrame.GRACEFUL_CLOSE));
    }
}
