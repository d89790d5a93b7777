package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.config.Binding;
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
     * Binds the first free one of the range. Nothing is accepted before the channel is told to read; until then peers
     * wait in the backlog.
     *
     * @throws IOException if there is none; one line, with the remedy
     */
    public static Channel bind(Binding binding, EventLoops loops, ChannelHandler incoming) throws IOException {
        IOException last = new IOException("no port was tried");
        int end = binding.port() == 0 ? 0 : binding.port() + binding.portRange();
        for (int port = binding.port(); port <= end; port++) {
            ChannelFuture bound = loops.server()
                    .option(ChannelOption.AUTO_READ, false)
                    .childHandler(incoming)
                    .bind(new InetSocketAddress(binding.address(), port))
                    .awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            last = bound.cause() instanceof IOException failed ? failed : new IOException(bound.cause());
        }
        String where =
                binding.address() == null ? "any address" : binding.address().getHostAddress();
        BindException failure = new BindException(TransportMessages.CANNOT_LISTEN.text(
                where, binding.port() + (end > binding.port() ? " to " + end : ""), last.getMessage()));
        failure.initCause(last);
        throw failure;
    }
}
