package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.tls.TlsEngines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Holds the place of the TLS handler of an incoming connection until the first record is there: the state of a TLS
 * engine takes tens of kilobytes, which a connection that says nothing, or one byte at a time, is not worth. Event
 * loop, but for {@link #start} and {@link #isActive}.
 */
final class TlsOnFirstRecord extends ByteToMessageDecoder {
    private static final int HEADER_BYTES = 5;
    private static final int HANDSHAKE = 22;
    /** RFC 8446, section 5.1. */
    private static final int MAX_RECORD_BYTES = 1 << 14;

    private final HandshakeLimiter limiter;
    private final TlsEngines tls;

    @SuppressWarnings("NullAway.Init")
    private volatile ChannelHandlerContext context;

    private boolean asked;

    TlsOnFirstRecord(HandshakeLimiter limiter, TlsEngines tls) {
        this.limiter = limiter;
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (asked || !ctx.channel().isActive()) {
            return;
        }
        if (!isTls(in)) {
            // The TLS handler says what it thinks of it.
            asked = true;
            replace();
        } else if (isRecord(in)) {
            asked = true;
            ctx.channel().config().setAutoRead(false);
            limiter.start(this);
        }
    }

    private static boolean isTls(ByteBuf in) {
        boolean handshake = in.getByte(in.readerIndex()) == HANDSHAKE;
        boolean headed = in.readableBytes() >= HEADER_BYTES;
        return handshake && (!headed || recordBytes(in) <= MAX_RECORD_BYTES);
    }

    private static boolean isRecord(ByteBuf in) {
        return in.readableBytes() >= HEADER_BYTES && in.readableBytes() >= HEADER_BYTES + recordBytes(in);
    }

    private static int recordBytes(ByteBuf in) {
        return in.getUnsignedShort(in.readerIndex() + HEADER_BYTES - Short.BYTES);
    }

    /** Begins the handshake with what has come. Any thread. */
    void start() {
        context.channel().eventLoop().execute(this::replace);
    }

    boolean isActive() {
        return context.channel().isActive();
    }

    private void replace() {
        if (context.channel().isActive() && !context.isRemoved()) {
            context.channel().config().setAutoRead(true);
            context.pipeline().replace(this, "tls", tls.handler(context.alloc(), false));
        }
    }
}
