package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.Hello;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/** The names of connections in lines for people. */
public final class PeerLabel {
    private PeerLabel() {}

    /** The best name known: what was dialled, what the peer said, or where the connection comes from. */
    static String name(@Nullable IpAddress dialled, @Nullable Hello theirs, Channel channel) {
        if (dialled != null) {
            return dialled.toString();
        }
        if (theirs != null) {
            return IpAddresses.of(theirs.address()).toString();
        }
        return host(channel);
    }

    /** The host that a connection comes from. */
    public static String host(Channel channel) {
        return channel != null && channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "an unknown peer";
    }

    static String security(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return "in clear";
        }
        SSLSession session = tls.engine().getSession();
        return session.getProtocol() + " " + session.getCipherSuite();
    }
}
