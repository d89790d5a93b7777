package io.evenkeel.protocols.transport.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Optional fields behind the fixed ones of a {@link Hello}, each as one byte of type, one byte of length and a value.
 * Unknown types are passed over, and so is a field that is cut short: versions that lack a field and versions that have
 * more of them understand each other.
 *
 * @param endpoints the connection as the sender sees it; null from a sender that does not tell, which does not know
 *     liveness connections either
 * @param challenge the number of an attempt to connect, which the receiver is asked to recognise as its own, see
 *     {@link Claim}; 0 for none
 * @param version of Evenkeel that the sender runs, for people; empty from a sender that does not tell
 * @param clockMs the sender's clock when it sent this, in milliseconds since 1970, for people; 0 from a sender that
 *     does not tell
 */
public record HelloExtensions(@Nullable Endpoints endpoints, long challenge, String version, long clockMs) {
    /** No field at all. */
    public static final HelloExtensions NONE = new HelloExtensions(null, 0, "", 0);

    private static final int ENDPOINTS = 1;
    private static final int CHALLENGE = 2;
    private static final int VERSION = 3;
    private static final int CLOCK = 4;
    /** Each type once, with the longest value. */
    private static final int MAX_BYTES = 4 * (2 + 0xff);

    HelloExtensions withEndpoints(Endpoints seen) {
        return new HelloExtensions(seen, challenge, version, clockMs);
    }

    HelloExtensions withChallenge(long attempt) {
        return new HelloExtensions(endpoints, attempt, version, clockMs);
    }

    HelloExtensions withVersion(String sender) {
        return new HelloExtensions(endpoints, challenge, sender, clockMs);
    }

    HelloExtensions withClock(long senderMs) {
        return new HelloExtensions(endpoints, challenge, version, senderMs);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        if (endpoints != null) {
            field(out, ENDPOINTS, endpoints.encode());
        }
        if (challenge != 0) {
            field(out, CHALLENGE, bytes(challenge));
        }
        if (!version.isEmpty()) {
            field(out, VERSION, VersionText.encode(version));
        }
        if (clockMs != 0) {
            field(out, CLOCK, bytes(clockMs));
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static void field(ByteBuffer out, int type, byte[] value) {
        out.put((byte) type).put((byte) value.length).put(value);
    }

    static HelloExtensions decode(ByteBuffer in) {
        HelloExtensions read = NONE;
        while (in.remaining() >= 2) {
            int type = Byte.toUnsignedInt(in.get());
            int length = Byte.toUnsignedInt(in.get());
            if (length > in.remaining()) {
                break;
            }
            ByteBuffer value = in.slice().limit(length);
            in.position(in.position() + length);
            read = switch (type) {
                case ENDPOINTS -> read.withEndpoints(Endpoints.decode(value));
                case CHALLENGE -> length == Long.BYTES ? read.withChallenge(value.getLong()) : read;
                case VERSION -> read.withVersion(VersionText.decode(value));
                case CLOCK -> length == Long.BYTES ? read.withClock(value.getLong()) : read;
                default -> read;
            };
        }
        return read;
    }
}
