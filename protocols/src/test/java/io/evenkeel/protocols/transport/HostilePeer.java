package io.evenkeel.protocols.transport;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jgroups.stack.IpAddress;

/** One connection of a peer with a valid certificate that says what a test wants it to say. */
public final class HostilePeer implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 30_000;

    /** One frame. */
    public record Frame(FrameType type, ByteBuffer body) {}

    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private HostilePeer(SSLSocket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(READ_TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    private static SSLContext context(TlsMaterial material) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {material.keyManager()}, new TrustManager[] {material.trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Connects from one of this host's addresses. */
    public static HostilePeer connect(TlsMaterial material, InetAddress from, IpAddress to) throws IOException {
        SSLSocket socket = (SSLSocket) context(material).getSocketFactory().createSocket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(to.getIpAddress(), to.getPort()));
        return new HostilePeer(socket);
    }

    /** A port at which it can be dialled. */
    public static ServerSocket listen(TlsMaterial material, InetAddress at) throws IOException {
        SSLServerSocket server =
                (SSLServerSocket) context(material).getServerSocketFactory().createServerSocket(0, 50, at);
        server.setNeedClientAuth(true);
        return server;
    }

    /** Takes the next connection at that port. */
    public static HostilePeer accept(ServerSocket server) throws IOException {
        return new HostilePeer((SSLSocket) server.accept());
    }

    /** Learns from a member what it says of itself to everybody with a certificate. */
    public static Hello ask(TlsMaterial material, InetAddress from, IpAddress member) throws IOException {
        try (HostilePeer peer = connect(material, from, member)) {
            return Hello.decode(peer.read().orElseThrow().body());
        }
    }

    public void say(FrameType type, byte[] body) throws IOException {
        out.writeInt(1 + body.length);
        out.writeByte(type.code());
        out.write(body);
        out.flush();
    }

    /** The next frame; empty at the end of the stream, however that came. */
    public Optional<Frame> read() {
        try {
            ByteBuffer frame = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            return Optional.of(new Frame(FrameType.of(frame.get()), frame.slice()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Introduces itself to a peer that speaks first, and returns the reason why it is refused; empty if it is taken.
     */
    public Optional<Refusal.Reason> introduce(Hello as) throws IOException {
        read();
        say(FrameType.HELLO, as.encode());
        Optional<Frame> answer = read();
        if (answer.isPresent() && answer.get().type() == FrameType.ACCEPT) {
            say(FrameType.ACCEPT, new byte[0]);
            return Optional.empty();
        }
        return Optional.of(
                answer.map(frame -> Refusal.decode(frame.body()).reason()).orElse(Refusal.Reason.ABORTED));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
