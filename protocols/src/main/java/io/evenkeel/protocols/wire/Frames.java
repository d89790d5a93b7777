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
        return allocator
                .buffer(FrameType.HEADER_BYTES + length)
                .writeInt(1 + length)
                .writeByte(type.code())
                .writeBytes(body, offset, length);
    }

    static ChannelFuture write(ChannelHandlerContext ctx, FrameType type, byte[] body) {
        return ctx.writeAndFlush(of(ctx.alloc(), type, body, 0, body.length));
    }

    static ChannelFuture write(ChannelHandlerContext ctx, FrameType type) {
        return write(ctx, type, NOTHING);
    }
}
