package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.StockGreeting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Looks at the first bytes of an incoming connection. A greeting of JGroups' TCP is handed over, and what has come
 * behind it is kept until the connection is accepted: that peer sends messages without waiting for an answer. Event
 * loop.
 */
final class GreetingReader extends ByteToMessageDecoder {
    private final PeerConnection connection;
    private boolean greeted;

    GreetingReader(PeerConnection connection) {
        this.connection = connection;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (greeted || in.readableBytes() < Integer.BYTES) {
            return;
        }
        if (in.getInt(in.readerIndex()) != StockGreeting.COOKIE) {
            ctx.pipeline().remove(this);
            return;
        }
        ByteBuffer bytes = in.nioBuffer();
        StockGreeting.read(bytes).ifPresent(greeting -> {
            greeted = true;
            in.skipBytes(bytes.position());
            ctx.channel().config().setAutoRead(false);
            connection.greeted(greeting);
        });
    }

    /** Hands on what has come behind the greeting. */
    static void release(ChannelHandlerContext ctx) {
        ctx.pipeline().remove(GreetingReader.class);
        ctx.channel().config().setAutoRead(true);
    }
}
