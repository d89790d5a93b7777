package io.evenkeel.protocols.wire.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * How one side of a connection introduces itself.
 *
 * @param clusterName the cluster it belongs to, at most 512 bytes of UTF-8
 * @param address the resolved address under which others reach it (the external one if there is one)
 * @param incarnation a random number per start of its channel
 * @param member its logical address and name, serialised; opaque here, at most 255 bytes, not to be modified
 * @param probe whether it only asks who lives there and will leave again
 * @param attempt a random number per outgoing connection, see {@link Claim}; 0 for the accepting side
 */
public record Hello(
        String clusterName,
        InetSocketAddress address,
        long incarnation,
        ByteBuffer member,
        boolean probe,
        long attempt) {
    /** The first four bytes of a HELLO: EVKL. */
    static final int MAGIC = 0x45564b4c;
    /** The format that this version writes, and the only one it reads. */
    static final byte VERSION = 1;

    static final int MAX_CLUSTER_BYTES = 512;
    static final int MAX_MEMBER_BYTES = 255;
    private static final int FIXED_BYTES = 4 + 1 + 1 + 8 + 8 + 2 + 1 + 2 + 1;
    private static final byte PROBE = 1;

    public Hello {
        Objects.requireNonNull(clusterName, "clusterName");
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(address + " is not resolved");
        }
        member = member.asReadOnlyBuffer();
        if (member.remaining() > MAX_MEMBER_BYTES) {
            throw new IllegalArgumentException("a member's address has at most " + MAX_MEMBER_BYTES + " bytes");
        }
        int clusterBytes = clusterName.getBytes(StandardCharsets.UTF_8).length;
        if (clusterBytes > MAX_CLUSTER_BYTES) {
            throw new IllegalArgumentException("the cluster's name has " + clusterBytes + " bytes, allowed are "
                    + MAX_CLUSTER_BYTES + "; choose a shorter name");
        }
    }

    /** Who somebody is, without an attempt to connect. */
    public Hello(String clusterName, InetSocketAddress address, long incarnation, ByteBuffer member) {
        this(clusterName, address, incarnation, member, false, 0);
    }

    /** The same identity, asking only. */
    public Hello asProbe() {
        return new Hello(clusterName, address, incarnation, member, true, 0);
    }

    /** The same identity, connecting. */
    public Hello asAttempt(long number) {
        return new Hello(clusterName, address, incarnation, member, false, number);
    }

    /**
     * The same with its address in the zone of another one, if it is a link-local address of IPv6: it leads nowhere without
     * a zone, and the number of a zone means something on one host only (RFC 4007, section 6).
     *
     * @param here an address of this link, as this host sees it
     */
    public Hello inZoneOf(InetAddress here) {
        boolean zoned = here instanceof Inet6Address link && link.getScopeId() > 0;
        if (!zoned || !(address.getAddress() instanceof Inet6Address claimed) || !claimed.isLinkLocalAddress()) {
            return this;
        }
        try {
            InetAddress host =
                    Inet6Address.getByAddress(null, claimed.getAddress(), ((Inet6Address) here).getScopeId());
            return new Hello(
                    clusterName, new InetSocketAddress(host, address.getPort()), incarnation, member, probe, attempt);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    /** The body of a HELLO or ACCEPT frame. */
    public byte[] encode() {
        byte[] cluster = clusterName.getBytes(StandardCharsets.UTF_8);
        byte[] host = address.getAddress().getAddress();
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + cluster.length + host.length + member.remaining());
        out.putInt(MAGIC)
                .put(VERSION)
                .put(probe ? PROBE : 0)
                .putLong(incarnation)
                .putLong(attempt);
        out.putShort((short) cluster.length).put(cluster);
        out.put((byte) host.length).put(host).putShort((short) address.getPort());
        out.put((byte) member.remaining()).put(member.duplicate());
        return out.array();
    }

    /**
     * Reads the body of a HELLO or ACCEPT frame. Bytes behind the known fields belong to later minor formats and are
     * passed over.
     */
    public static Hello decode(ByteBuffer in) {
        if (in.remaining() < FIXED_BYTES) {
            throw new ProtocolViolationException("HELLO of " + in.remaining() + " bytes is cut short");
        }
        if (in.getInt() != MAGIC) {
            throw new ProtocolViolationException("not a HELLO of Evenkeel");
        }
        byte version = in.get();
        if (version != VERSION) {
            throw new ProtocolViolationException("HELLO of format " + version + ", this side speaks format " + VERSION);
        }
        boolean probe = (in.get() & PROBE) != 0;
        long incarnation = in.getLong();
        long attempt = in.getLong();
        int clusterBytes = Short.toUnsignedInt(in.getShort());
        if (clusterBytes > MAX_CLUSTER_BYTES) {
            throw new ProtocolViolationException("cluster name of " + clusterBytes + " bytes");
        }
        String cluster = new String(take(in, clusterBytes), StandardCharsets.UTF_8);
        InetAddress host = host(take(in, take(in, 1)[0]));
        int port = Short.toUnsignedInt(ByteBuffer.wrap(take(in, 2)).getShort());
        byte[] member = take(in, Byte.toUnsignedInt(take(in, 1)[0]));
        return new Hello(
                cluster, new InetSocketAddress(host, port), incarnation, ByteBuffer.wrap(member), probe, attempt);
    }

    private static byte[] take(ByteBuffer in, int count) {
        if (count < 0 || in.remaining() < count) {
            throw new ProtocolViolationException("HELLO is cut short");
        }
        byte[] out = new byte[count];
        in.get(out);
        return out;
    }

    private static InetAddress host(byte[] raw) {
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new ProtocolViolationException("HELLO with an address of " + raw.length + " bytes");
        }
    }
}
