package io.evenkeel.protocols.transport.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The introduction of one side of a connection.
 *
 * @param clusterName the cluster it belongs to, at most 512 bytes of UTF-8
 * @param address the resolved address under which others reach it (the external one if there is one)
 * @param incarnation a random number per start of its channel
 * @param member its logical address and name, serialised; opaque here, at most 255 bytes, not to be modified
 * @param purpose the use of the connection, as the connecting side has it
 * @param attempt a random number per outgoing connection, see {@link Claim}; 0 for the accepting side
 * @param extensions fields that other versions may lack
 */
public record Hello(
        String clusterName,
        InetSocketAddress address,
        long incarnation,
        ByteBuffer member,
        Purpose purpose,
        long attempt,
        HelloExtensions extensions) {
    /** The use of a connection. */
    public enum Purpose {
        MESSAGES(0),
        /** Asks which process is at an address, and leaves again. */
        PROBE(1),
        /** Carries nothing: its end is evidence of the peer's. To a version that does not know it, a probe. */
        LIVENESS(3);

        private final byte flags;

        Purpose(int flags) {
            this.flags = (byte) flags;
        }

        static Purpose of(byte flags) {
            if ((flags & PROBE.flags) == 0) {
                return MESSAGES;
            }
            return (flags & LIVENESS.flags) == LIVENESS.flags ? LIVENESS : PROBE;
        }
    }

    /** The first four bytes of a HELLO: EVKL. */
    static final int MAGIC = 0x45564b4c;
    /** The format that this version writes, and the only one it reads, see {@link ForeignHello}. */
    public static final byte FORMAT = 1;

    static final int MAX_CLUSTER_BYTES = 512;
    static final int MAX_MEMBER_BYTES = 255;
    private static final int FIXED_BYTES = 4 + 1 + 1 + 8 + 8 + 2 + 1 + 2 + 1;

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

    /** The identity of a process, without an attempt to connect. */
    public Hello(String clusterName, InetSocketAddress address, long incarnation, ByteBuffer member) {
        this(clusterName, address, incarnation, member, Purpose.MESSAGES, 0, HelloExtensions.NONE);
    }

    /** The same identity, asking only. */
    public Hello asProbe() {
        return as(Purpose.PROBE, 0, extensions);
    }

    /** The same identity, connecting. */
    public Hello asAttempt(long number) {
        return as(Purpose.MESSAGES, number, extensions);
    }

    /** The same identity, connecting to wait for the peer's end. */
    public Hello asLiveness() {
        return as(Purpose.LIVENESS, 0, extensions);
    }

    /** The same, with the question whether an attempt to connect is the receiver's. */
    public Hello asking(long claimedAttempt) {
        return as(purpose, attempt, extensions.withChallenge(claimedAttempt));
    }

    /** The same over a connection with these ends. */
    public Hello over(Endpoints seen) {
        return as(purpose, attempt, extensions.withEndpoints(seen));
    }

    /** The same of a sender that runs this version of Evenkeel. */
    public Hello of(String version) {
        return as(purpose, attempt, extensions.withVersion(version));
    }

    /** The same, sent at that time of the sender's clock. */
    public Hello at(long clockMs) {
        return as(purpose, attempt, extensions.withClock(clockMs));
    }

    private Hello as(Purpose use, long number, HelloExtensions more) {
        return new Hello(clusterName, address, incarnation, member, use, number, more);
    }

    /** The sender's version of Evenkeel, for people. */
    public String version() {
        return extensions.version().isEmpty() ? "of an unknown version" : extensions.version();
    }

    /** True if the connection carries no messages. */
    public boolean carriesNothing() {
        return purpose != Purpose.MESSAGES;
    }

    /**
     * The same with its address in the zone of another one, if it is a link-local address of IPv6: it leads nowhere
     * without a zone, and the number of a zone means something on one host only (RFC 4007, section 6).
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
                    clusterName,
                    new InetSocketAddress(host, address.getPort()),
                    incarnation,
                    member,
                    purpose,
                    attempt,
                    extensions);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    /** True if what was taken for a frame without a type is a HELLO, behind its type. */
    public static boolean isFrame(byte[] bytes, int offset, int length) {
        return length > Integer.BYTES
                && bytes[offset] == FrameType.HELLO.code()
                && ByteBuffer.wrap(bytes, offset + 1, Integer.BYTES).getInt() == MAGIC;
    }

    /** The body of a HELLO frame. */
    public byte[] encode() {
        byte[] cluster = clusterName.getBytes(StandardCharsets.UTF_8);
        byte[] host = address.getAddress().getAddress();
        byte[] more = extensions.encode();
        ByteBuffer out =
                ByteBuffer.allocate(FIXED_BYTES + cluster.length + host.length + member.remaining() + more.length);
        out.putInt(MAGIC).put(FORMAT).put(purpose.flags).putLong(incarnation).putLong(attempt);
        out.putShort((short) cluster.length).put(cluster);
        out.put((byte) host.length).put(host).putShort((short) address.getPort());
        out.put((byte) member.remaining()).put(member.duplicate());
        out.put(more);
        return out.array();
    }

    /**
     * Reads the body of a HELLO frame. Fields of later versions are passed over, see {@link HelloExtensions}.
     */
    public static Hello decode(ByteBuffer in) {
        if (in.remaining() < FIXED_BYTES) {
            throw new ProtocolViolationException("HELLO of " + in.remaining() + " bytes is cut short");
        }
        if (in.getInt() != MAGIC) {
            throw new ProtocolViolationException("not a HELLO of Evenkeel");
        }
        byte version = in.get();
        if (version != FORMAT) {
            throw new ProtocolViolationException("HELLO of format " + version + ", this side speaks format " + FORMAT);
        }
        Purpose purpose = Purpose.of(in.get());
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
                cluster,
                new InetSocketAddress(host, port),
                incarnation,
                ByteBuffer.wrap(member),
                purpose,
                attempt,
                HelloExtensions.decode(in));
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
