package io.evenkeel.protocols.transport.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestTransportConfig;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.peer.PeerTable;
import io.evenkeel.protocols.transport.peer.Peers;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The attributes of sockets on a real one. */
class DialerTest {
    private static final int BUFFER_BYTES = 32_768;

    private final EventLoops loops = EventLoops.acquire(1);

    @AfterEach
    void release() {
        loops.release();
    }

    private PeerConnection dial(TransportConfig config, ServerSocket server) throws Exception {
        EventLoop control = loops.next();
        TransportContext wire = new TransportContext(config, null, null, new TransportStats(), LineLog.silent());
        Hello ours =
                new Hello("c", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 1, ByteBuffer.allocate(0));
        PeerTable events = new PeerTable(
                wire, new Dialer(wire, loops, control), new Peers(config, wire.stats, wire.members), control);
        return new Dialer(wire, loops, control)
                .dial(new IpAddress(server.getInetAddress(), server.getLocalPort()), ours, events);
    }

    @Test
    void socketsAreAsTheAttributesSay() throws Exception {
        TransportConfig config =
                TestTransportConfig.sockets(InetAddress.getByName("127.0.0.2"), BUFFER_BYTES, BUFFER_BYTES, false, 3);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PeerConnection connection = dial(config, server);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInetAddress().getHostAddress()).isEqualTo("127.0.0.2");
                ChannelConfig socket = connection.channel().config();
                // Linux keeps the double for its own needs (socket(7)).
                assertThat(socket.getOption(ChannelOption.SO_SNDBUF)).isBetween(BUFFER_BYTES, 2 * BUFFER_BYTES);
                assertThat(socket.getOption(ChannelOption.SO_RCVBUF)).isBetween(BUFFER_BYTES, 2 * BUFFER_BYTES);
                assertThat(socket.getOption(ChannelOption.SO_LINGER)).isEqualTo(3);
                assertThat(socket.getOption(ChannelOption.TCP_NODELAY)).isFalse();
                assertThat(socket.getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            } finally {
                connection.channel().close().awaitUninterruptibly();
            }
        }
    }

    @Test
    void theKernelChoosesWhatIsNotSaid() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PeerConnection connection = dial(TestTransportConfig.sockets(null, 0, 0, true, -1), server);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInetAddress().getHostAddress()).isEqualTo("127.0.0.1");
                ChannelConfig socket = connection.channel().config();
                assertThat(socket.getOption(ChannelOption.SO_LINGER)).isEqualTo(-1);
                assertThat(socket.getOption(ChannelOption.TCP_NODELAY)).isTrue();
            } finally {
                connection.channel().close().awaitUninterruptibly();
            }
        }
    }
}
