package io.evenkeel.protocols.transport.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ConnectRefusalTest {
    /** As glibc says it in German. */
    private static final Set<String> GERMAN = Set.of("Verbindungsaufbau abgelehnt");

    private static Outcome refusedBy(EventLoopGroup group, Class<? extends SocketChannel> kind) throws Exception {
        try (java.nio.channels.SocketChannel bound = java.nio.channels.SocketChannel.open()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CloseCause ending = new CloseCause();
            ending.connectFailed(new Bootstrap()
                    .group(group)
                    .channel(kind)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(bound.getLocalAddress())
                    .await()
                    .cause());
            return ending.outcome();
        } finally {
            group.shutdownGracefully();
        }
    }

    @Test
    void theJdksWordsAreKnown() throws Exception {
        assertThat(refusedBy(new NioEventLoopGroup(1), NioSocketChannel.class)).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void theWordsOfEpollAreKnown() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable());
        assertThat(refusedBy(new EpollEventLoopGroup(1), EpollSocketChannel.class))
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whatIsLearnedIsTheErrorsTextAlone() {
        assertThat(ConnectRefusal.texts())
                .allSatisfy(text ->
                        assertThat(text).isNotBlank().doesNotContain("failed").doesNotContain("127.0.0.1"));
    }

    @Test
    void translationsAreNoObstacle() {
        ConnectException german =
                new ConnectException("finishConnect(..) failed: Verbindungsaufbau abgelehnt: /127.0.0.1:1");
        assertThat(ConnectRefusal.is(german, GERMAN)).isTrue();
        assertThat(ConnectRefusal.is(new ConnectException("Die Wartezeit ist abgelaufen"), GERMAN))
                .isFalse();
    }

    @Test
    void otherFailuresAreNone() {
        assertThat(ConnectRefusal.is(new ConnectException("Connection timed out")))
                .isFalse();
        assertThat(ConnectRefusal.is(new ConnectException(null))).isFalse();
        assertThat(ConnectRefusal.is(new ConnectTimeoutException("Connection refused")))
                .isFalse();
        assertThat(ConnectRefusal.is(new NoRouteToHostException("Connection refused")))
                .isFalse();
        assertThat(ConnectRefusal.is(new IOException("Connection refused"))).isFalse();
    }
}
