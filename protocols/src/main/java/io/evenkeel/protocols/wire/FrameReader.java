package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the stream into frames. Nothing is allocated for a length that was only announced: memory grows with the bytes
 * that have come in, and a length above the limit ends the connection at once.
 */
abstract class FrameReader extends ByteToMessageDecoder {
    private int limitBytes;

    FrameReader(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    final void limitFrames(int bytes) {
        limitBytes = bytes;
    }

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            cut(ctx, in);
        } catch (ProtocolViolationException e) {
            // What follows a violation means nothing, and must not be reported again.
            in.skipBytes(in.readableBytes());
            throw e;
        }
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        // The stream has ended: a frame that is not whole never will be.
    }

    private void cut(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < FrameType.LENGTH_BYTES) {
            return;
        }
        int lengthBytes = in.getInt(in.readerIndex());
        FrameType.checkLength(lengthBytes, limitBytes);
        if (in.readableBytes() - FrameType.LENGTH_BYTES < lengthBytes) {
            return;
        }
        in.skipBytes(FrameType.LENGTH_BYTES);
        int end = in.readerIndex() + lengthBytes;
        frame(ctx, FrameType.of(in.readByte()), in, lengthBytes - 1);
        in.readerIndex(end);
    }

    /**
     * Takes one frame.
     *
     * @param in its body starts at the reader's index; only this frame's bytes may be read
     * @param bodyBytes how many there are
     */
    abstract void frame(ChannelHandlerContext ctx, FrameType type, ByteBuf in, int bodyBytes);
}
