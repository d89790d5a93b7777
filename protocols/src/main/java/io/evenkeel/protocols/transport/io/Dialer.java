package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.KeepAlive;
import io.evenkeel.protocols.transport.config.SocketOptions;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.StockPeers;
import io.evenkeel.protocols.transport.frame.Frames;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/** Opens connections without waiting for them, and gives connections of either direction their pipeline and options. */
public final class Dialer {
    /** Above the high mark no more frames are taken from a queue, so that they stay countable and droppable there. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    /** The JDK's TLS works on arrays, and so does JGroups: heap buffers save a copy on the way in. */
    private static final PooledByteBufAllocator HEAP = new PooledByteBufAllocator(false);

    private final TransportContext transport;
    private final EventLoops loops;

    private final KeepAlive keepAlive;
    /** All connections, those of strangers among them; closes at once what comes after it was closed. */
    private final ChannelGroup channels;

    public Dialer(TransportContext transport, EventLoops loops, EventExecutor control) {
        this.transport = transport;
        this.loops = loops;
        this.keepAlive = KeepAlive.within(transport.config.sockets().deadConnectionTimeoutMs());
        this.channels = new DefaultChannelGroup(control, true);
    }

    /** Closes all connections, also those that are only being made. Any thread. */
    public ChannelGroupFuture closeAll() {
        return channels.close();
    }

    public PooledByteBufAllocator allocator() {
        return transport.tls == null || transport.tls.isNative() ? PooledByteBufAllocator.DEFAULT : HEAP;
    }

    /** Starts to connect; the returned connection reports how that ends. */
    public PeerConnection dial(IpAddress peer, Hello introduction, ConnectionEvents events) {
        return dial(peer, introduction, StockPeers.Dialling.OWN_ONLY, events);
    }

    /** The same, with the framings that may be spoken. */
    public PeerConnection dial(
            IpAddress peer, Hello introduction, StockPeers.Dialling dialling, ConnectionEvents events) {
        PeerConnection connection = new PeerConnection(transport, events, peer, introduction, dialling);
        SocketOptions options = transport.config.sockets();
        Bootstrap client = loops.client()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.connectTimeoutMs())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        equip(
                                channel,
                                connection,
                                transport.tls == null ? null : transport.tls.handler(allocator(), true));
                        channel.pipeline().addFirst(new FirstByte(connection));
                    }
                });
        if (options.clientBindAddress() != null) {
            client.localAddress(new InetSocketAddress(options.clientBindAddress(), 0));
        }
        ChannelFuture connected = client.connect(new InetSocketAddress(peer.getIpAddress(), peer.getPort()));
        connection.attach(connected.channel());
        // Before its event loop has seen it, so that the end of all connections is its end too.
        channels.add(connected.channel());
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                connection.connectFailed(done.cause());
            }
        });
        return connection;
    }

    /** Notes that the peer has said something. */
    private static final class FirstByte extends ChannelInboundHandlerAdapter {
        private final PeerConnection connection;

        FirstByte(PeerConnection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            connection.ending().heard();
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
        }
    }

    /**
     * Gives a new channel its options and its handlers.
     *
     * @param tls null in plain mode
     */
    void equip(Channel channel, PeerConnection connection, @Nullable ChannelHandler tls) {
        SocketOptions options = transport.config.sockets();
        channel.config().setAllocator(allocator());
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        loops.keepAlive(channel, keepAlive);
        channel.config().setOption(ChannelOption.TCP_NODELAY, options.tcpNoDelay());
        if (options.lingerS() >= 0) {
            channel.config().setOption(ChannelOption.SO_LINGER, options.lingerS());
        }
        if (options.sendBufBytes() > 0) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, options.sendBufBytes());
        }
        if (options.recvBufBytes() > 0) {
            channel.config().setOption(ChannelOption.SO_RCVBUF, options.recvBufBytes());
        }
        if (tls != null) {
            channel.pipeline().addLast(tls);
        }
        connection.addTo(channel.pipeline());
        channels.add(channel);
    }

    /** The frame that carries these bytes. */
    public ByteBuf dataFrame(byte[] data, int offset, int length) {
        return Frames.of(allocator(), FrameType.DATA, data, offset, length);
    }
}
