package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.TransportConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/** Finds the port to listen on. */
public final class PortBinder {
    private PortBinder() {}

    /**
     * Binds the first free one of the range. Nobody is accepted before the channel is told to read; until then they wait
     * in the backlog.
     *
     * @throws IOException if there is none; one line, with the remedy
     */
    public static Channel bind(TransportConfig config, EventLoops loops, ChannelHandler incoming) throws IOException {
        IOException last = null;
        int end = config.bindPort() == 0 ? 0 : config.bindPort() + config.portRange();
        for (int port = config.bindPort(); port <= end; port++) {
            ChannelFuture bound = loops.server()
                    .option(ChannelOption.AUTO_READ, false)
                    .childHandler(incoming)
                    .bind(new InetSocketAddress(config.bindAddress(), port))
                    .awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            last = bound.cause() instanceof IOException failed ? failed : new IOException(bound.cause());
        }
        String where = config.bindAddress() == null
                ? "any address"
                : config.bindAddress().getHostAddress();
        BindException failure = new BindException("cannot listen on " + where + " port " + config.bindPort()
                + (end > config.bindPort() ? " to " + end : "") + ": " + last.getMessage()
                + "; check bind_addr, free a port, or change bind_port or port_range");
        failure.initCause(last);
        throw failure;
    }
}
