package io.evenkeel.protocols.transport.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The two ends of a TCP connection as one side sees them. Both sides tell each other, as a STUN server tells its client
 * (RFC 8489, section 9): if they do not see the same ends, a proxy or an address translator is between them, and the
 * end of the connection need not be the end of the peer's process.
 *
 * @param local the own end, resolved
 * @param remote the other end, resolved
 */
public record Endpoints(InetSocketAddress local, InetSocketAddress remote) {
    /** True if the other side of a connection with these ends sees the same ones. */
    public boolean mirror(Endpoints theirs) {
        return same(local, theirs.remote) && same(remote, theirs.local);
    }

    /** Equality without the zone of a link-local address, which has a number of its own on each host. */
    private static boolean same(InetSocketAddress a, InetSocketAddress b) {
        return a.getPort() == b.getPort()
                && Arrays.equals(a.getAddress().getAddress(), b.getAddress().getAddress());
    }

    byte[] encode() {
        byte[] here = local.getAddress().getAddress();
        byte[] there = remote.getAddress().getAddress();
        return ByteBuffer.allocate(2 + 2 * Short.BYTES + here.length + there.length)
                .put((byte) here.length)
                .put(here)
                .putShort((short) local.getPort())
                .put((byte) there.length)
                .put(there)
                .putShort((short) remote.getPort())
                .array();
    }

    static Endpoints decode(ByteBuffer in) {
        return new Endpoints(end(in), end(in));
    }

    private static InetSocketAddress end(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new ProtocolViolationException("HELLO with one end of a connection");
        }
        int bytes = Byte.toUnsignedInt(in.get());
        if (in.remaining() < bytes + Short.BYTES) {
            throw new ProtocolViolationException("HELLO with half an end of a connection");
        }
        byte[] host = new byte[bytes];
        in.get(host);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(host), Short.toUnsignedInt(in.getShort()));
        } catch (UnknownHostException e) {
            throw new ProtocolViolationException("HELLO with an end of a connection of " + bytes + " bytes");
        }
    }
}
