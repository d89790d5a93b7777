package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/** Makes frames. */
final class Frames {
    private static final byte[] NOTHING = {};

    private Frames() {}

    static ByteBuf of(ByteBufAllocator allocator, FrameType type, byte[] body, int offset, int length) {
        ByteBuf frame = begin(allocator, type, length).writeBytes(body, offset, length);
        end(frame);
        return frame;
    }

    /** A frame whose body, of about so many bytes, is still to be written. */
    static ByteBuf begin(ByteBufAllocator allocator, FrameType type, int bodyBytes) {
        return allocator
                .buffer(FrameType.HEADER_BYTES + bodyBytes)
                .writeZero(FrameType.LENGTH_BYTES)
                .writeByte(type.code());
    }

    /** Sets the length of a frame whose body is written, and returns it: the bytes of type and body. */
    static int end(ByteBuf frame) {
        int length = frame.readableBytes() - FrameType.LENGTH_BYTES;
        frame.setInt(frame.readerIndex(), length);
        return length;
    }

    static ChannelFuture write(ChannelHandlerContext ctx, FrameType type, byte[] body) {
        return ctx.writeAndFlush(of(ctx.alloc(), type, body, 0, body.length));
    }

    static ChannelFuture write(ChannelHandlerContext ctx, FrameType type) {
        return write(ctx, type, NOTHING);
    }
}
