package io.evenkeel.protocols.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one transport: epoll where its native library loads, NIO elsewhere. One loop, {@link #control()},
 * is the single writer of the table of peers; connections are spread over all of them.
 */
final class EventLoops {
    private static final int MAX_DEFAULT_THREADS = 4;
    private static final long SHUTDOWN_TIMEOUT_MS = 5_000;

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    private final EventLoop control;

    /** Starts so many loops, or with 0 one per processor, at least 2 and at most 4. */
    EventLoops(String name, int threads) {
        int processors = Runtime.getRuntime().availableProcessors();
        int count = threads > 0 ? threads : Math.max(2, Math.min(MAX_DEFAULT_THREADS, processors));
        ThreadFactory factory = new DefaultThreadFactory(name, true);
        group = epoll ? new EpollEventLoopGroup(count, factory) : new NioEventLoopGroup(count, factory);
        control = group.next();
    }

    String kind() {
        return epoll ? "epoll" : "nio";
    }

    EventLoop control() {
        return control;
    }

    Bootstrap client() {
        return new Bootstrap().group(group).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    }

    ServerBootstrap server() {
        return new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    /** Ends all loops and waits for their threads, a few seconds at most; returns whether they have ended. */
    boolean shutdown() {
        group.shutdownGracefully(0, SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        return group.terminationFuture().awaitUninterruptibly(SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
