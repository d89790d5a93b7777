package io.evenkeel.protocols.transport.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The introduction of a member on JGroups' TCP (TcpConnection.sendLocalAddress of JGroups 5.5): the dialling side sends
 * four bytes that say so, its version and the address that it announces; the accepting side answers nothing. What
 * follows are frames, see {@link StockFrame}.
 *
 * @param version of JGroups, as that writes it: 5 bits, 5 bits and 6 bits
 * @param address the resolved address under which others reach it
 */
public record StockGreeting(short version, InetSocketAddress address) {
    /** The first four bytes: bela. */
    public static final int COOKIE = 0x62656c61;

    private static final int HEADER_BYTES = Integer.BYTES + 2 * Short.BYTES;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int MICRO_BITS = 6;
    private static final int MINOR_BITS = 5;

    /** The greeting as it goes over the wire. */
    public byte[] encode() {
        byte[] host = address.getAddress().getAddress();
        int addressBytes = addressBytes(host.length);
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + addressBytes);
        out.putInt(COOKIE).putShort(version).putShort((short) addressBytes);
        out.put((byte) host.length).put(host);
        if (address.getAddress() instanceof Inet6Address zoned) {
            out.putInt(zoned.getScopeId());
        }
        return out.putShort((short) address.getPort()).array();
    }

    /** Length, host, for IPv6 the number of its zone, and port. */
    private static int addressBytes(int hostBytes) {
        return 1 + hostBytes + (hostBytes == IPV6_BYTES ? Integer.BYTES : 0) + Short.BYTES;
    }

    /**
     * Reads a greeting, cookie and all; empty, and nothing is read, while some of it is missing. The number of a zone
     * is passed over: it means something on its own host only.
     */
    public static Optional<StockGreeting> read(ByteBuffer in) {
        int start = in.position();
        if (in.remaining() <= HEADER_BYTES) {
            return Optional.empty();
        }
        if (in.getInt(start) != COOKIE) {
            throw new ProtocolViolationException("not a greeting of JGroups' TCP");
        }
        int hostBytes = in.get(start + HEADER_BYTES);
        if (hostBytes != IPV4_BYTES && hostBytes != IPV6_BYTES) {
            throw new ProtocolViolationException("a greeting of JGroups' TCP with a host of " + hostBytes + " bytes");
        }
        int announced = Short.toUnsignedInt(in.getShort(start + Integer.BYTES + Short.BYTES));
        int addressBytes = addressBytes(hostBytes);
        if (announced != addressBytes) {
            throw new ProtocolViolationException("a greeting of JGroups' TCP with an address of " + announced
                    + " bytes where there should be " + addressBytes);
        }
        if (in.remaining() < HEADER_BYTES + addressBytes) {
            return Optional.empty();
        }
        short version = in.getShort(start + Integer.BYTES);
        byte[] host = new byte[hostBytes];
        in.position(start + HEADER_BYTES + 1).get(host);
        in.position(start + HEADER_BYTES + addressBytes);
        int port = Short.toUnsignedInt(in.getShort(in.position() - Short.BYTES));
        try {
            return Optional.of(new StockGreeting(version, new InetSocketAddress(InetAddress.getByAddress(host), port)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    /** True if messages of both versions can be read by both, as JGroups has it: the last number may differ. */
    public boolean isCompatible(short ours) {
        return Short.toUnsignedInt(version) >>> MICRO_BITS == Short.toUnsignedInt(ours) >>> MICRO_BITS;
    }

    /** A version in words. */
    public static String print(short version) {
        int bits = Short.toUnsignedInt(version);
        return (bits >>> (MICRO_BITS + MINOR_BITS)) + "." + (bits >>> MICRO_BITS & ((1 << MINOR_BITS) - 1)) + "."
                + (bits & ((1 << MICRO_BITS) - 1));
    }
}
