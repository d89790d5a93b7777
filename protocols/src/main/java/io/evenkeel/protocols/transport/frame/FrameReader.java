package io.evenkeel.protocols.transport.frame;

import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.StockFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream into frames, each in one array, which JGroups reads from: a frame that lies in an array is read
 * there, the bytes of any other are copied once, as they come. Nothing is allocated for a length that was only
 * announced: memory grows with the bytes that have come in, and a length above the limit ends the connection at once.
 */
public abstract class FrameReader extends ChannelInboundHandlerAdapter {
    /** The size of the array that is kept between two frames; a larger frame has an array of its own. */
    private static final int KEPT_BYTES = 128 * 1024;

    private static final int FIRST_BYTES = 1024;
    private static final byte[] NOTHING = {};

    private int limitBytes;
    private volatile Framing framing = Framing.OWN;
    private byte[] kept = {};

    /** The length field of the frame that is coming in, as far as it is here. */
    private int length;

    private int lengthBytes;
    /** The bytes behind it: the first {@code got} of {@code partial}. */
    private byte @Nullable [] partial;

    private int got;
    /** Set by a violation: the bytes behind it mean nothing, and must not be reported again. */
    private boolean violated;

    public FrameReader(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    public final void limitFrames(int bytes) {
        limitBytes = bytes;
    }

    /** The form of what comes in; any thread. */
    public final Framing framing() {
        return framing;
    }

    /** Between two frames. */
    protected final void readAs(Framing next) {
        framing = next;
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !violated) {
                cut(ctx, in);
            }
        } catch (ProtocolViolationException e) {
            violated = true;
            throw e;
        } finally {
            in.release();
        }
    }

    private void cut(ChannelHandlerContext ctx, ByteBuf in) {
        if (lengthBytes < FrameType.LENGTH_BYTES && !readLength(in)) {
            return;
        }
        if (length == StockFrame.GRACEFUL_CLOSE) {
            // No length of the own framing is negative.
            lengthBytes = 0;
            frame(ctx, FrameType.GOODBYE, NOTHING, 0, 0);
            return;
        }
        if (got == 0 && in.hasArray() && in.readableBytes() >= length) {
            int start = in.arrayOffset() + in.readerIndex();
            in.skipBytes(length);
            whole(ctx, in.array(), start);
            return;
        }
        int more = Math.min(length - got, in.readableBytes());
        byte[] room = reserve(got + more);
        in.readBytes(room, got, more);
        got += more;
        if (got == length) {
            whole(ctx, room, 0);
        }
    }

    private boolean readLength(ByteBuf in) {
        if (lengthBytes == 0 && in.readableBytes() >= FrameType.LENGTH_BYTES) {
            length = in.readInt();
            lengthBytes = FrameType.LENGTH_BYTES;
        } else {
            length = length << Byte.SIZE | in.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes < FrameType.LENGTH_BYTES) {
            return false;
        }
        if (framing == Framing.OWN) {
            FrameType.checkLength(length, limitBytes);
        } else if (length != StockFrame.GRACEFUL_CLOSE) {
            StockFrame.checkLength(length, limitBytes);
        }
        return true;
    }

    /** Makes room for so many bytes of the frame, which are here, and for as many again. */
    private byte[] reserve(int bytes) {
        byte[] room = got == 0 || partial == null ? kept : partial;
        if (room.length < bytes) {
            int doubled = (int) Math.min(Math.max(FIRST_BYTES, 2L * bytes), Math.max(length, FIRST_BYTES));
            room = Arrays.copyOf(room, doubled);
            if (room.length <= KEPT_BYTES) {
                kept = room;
            }
        }
        partial = room;
        return room;
    }

    private void whole(ChannelHandlerContext ctx, byte[] bytes, int start) {
        int frameBytes = length;
        length = 0;
        lengthBytes = 0;
        got = 0;
        partial = null;
        if (framing == Framing.OWN) {
            frame(ctx, FrameType.of(bytes[start]), bytes, start + 1, frameBytes - 1);
        } else {
            frame(ctx, FrameType.DATA, bytes, start, frameBytes);
        }
    }

    /**
     * Takes one frame.
     *
     * @param bytes its body starts at the offset; valid until this returns, and only this frame's bytes may be read
     * @param bodyBytes how many there are
     */
    public abstract void frame(ChannelHandlerContext ctx, FrameType type, byte[] bytes, int offset, int bodyBytes);
}
