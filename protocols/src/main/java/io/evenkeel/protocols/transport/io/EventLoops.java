package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.KeepAlive;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketOption;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The threads that do all input and output: epoll where its native library loads, NIO elsewhere. Transports that do not
 * ask for a number of their own share one set in a JVM, since more threads than processors only switch; the last one
 * that releases it ends it.
 */
public final class EventLoops {
    private static final String THREAD_NAME = "evenkeel-wire";
    private static final int MAX_DEFAULT_THREADS = 4;
    private static final long SHUTDOWN_TIMEOUT_MS = 5_000;

    private static @Nullable EventLoops shared;

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    /** The number of transports that have not released it yet; guarded by the class. */
    private int users;

    private EventLoops(int threads) {
        ThreadFactory factory = new DefaultThreadFactory(THREAD_NAME, true);
        group = epoll ? new EpollEventLoopGroup(threads, factory) : new NioEventLoopGroup(threads, factory);
    }

    /** Starts so many loops, or with 0 shares those of the JVM: one per processor, at least 2 and at most 4. */
    public static synchronized EventLoops acquire(int threads) {
        EventLoops loops = shared;
        if (threads > 0) {
            loops = new EventLoops(threads);
        } else if (loops == null) {
            int processors = Runtime.getRuntime().availableProcessors();
            loops = new EventLoops(Math.max(2, Math.min(MAX_DEFAULT_THREADS, processors)));
            shared = loops;
        }
        loops.users++;
        return loops;
    }

    public String kind() {
        return epoll ? "epoll" : "nio";
    }

    /** One of the loops. */
    public EventLoop next() {
        return group.next();
    }

    Bootstrap client() {
        return new Bootstrap().group(group).channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    }

    ServerBootstrap server() {
        Class<? extends ServerChannel> kind = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        return new ServerBootstrap().group(group).channel(kind);
    }

    /** Has the kernel watch for a peer whose host does not answer any more, as far as the system can. */
    void keepAlive(Channel channel, KeepAlive plan) {
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        if (epoll) {
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, plan.idleS());
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, plan.intervalS());
            config.setOption(EpollChannelOption.TCP_KEEPCNT, plan.probes());
            config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, plan.unacknowledgedMs());
        } else {
            // The JDK has no TCP_USER_TIMEOUT: unacknowledged data is given up when the kernel's own retries are over.
            optional(config, ExtendedSocketOptions.TCP_KEEPIDLE, plan.idleS());
            optional(config, ExtendedSocketOptions.TCP_KEEPINTERVAL, plan.intervalS());
            optional(config, ExtendedSocketOptions.TCP_KEEPCOUNT, plan.probes());
        }
    }

    private static void optional(ChannelConfig config, SocketOption<Integer> option, int value) {
        config.setOption(NioChannelOption.of(option), value);
    }

    /**
     * Gives them back; the caller's channels are closed already. The last user ends all loops and waits for their
     * threads, a few seconds at most; returns false if they have not ended then.
     */
    public boolean release() {
        synchronized (EventLoops.class) {
            if (--users > 0) {
                return true;
            }
            if (shared == this) {
                shared = null;
            }
        }
        group.shutdownGracefully(0, SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        return group.terminationFuture().awaitUninterruptibly(SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
