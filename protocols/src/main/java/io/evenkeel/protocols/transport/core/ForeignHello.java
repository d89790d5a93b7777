package io.evenkeel.protocols.transport.core;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The readable part of a HELLO in a format that this version does not speak.
 *
 * <p>HELLOs of all formats begin with the same four bytes and the format's number. Above format 1 one byte of length
 * and the sender's version follow, so that it can be named; format 1 has the version among its {@link HelloExtensions}.
 *
 * @param format its number
 * @param version of Evenkeel at the other side, for people
 */
public record ForeignHello(int format, String version) {
    private static final int HEADER_BYTES = Integer.BYTES + 1;

    /** Looks at the body of a HELLO frame and leaves it as it is; empty if it is of this side's format, or no HELLO. */
    public static Optional<ForeignHello> of(ByteBuffer body) {
        ByteBuffer in = body.duplicate();
        if (in.remaining() < HEADER_BYTES || in.getInt() != Hello.MAGIC) {
            return Optional.empty();
        }
        int format = Byte.toUnsignedInt(in.get());
        return format == Hello.FORMAT ? Optional.empty() : Optional.of(new ForeignHello(format, version(in)));
    }

    private static String version(ByteBuffer in) {
        int length = in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : 0;
        String version = VersionText.decode(in.slice().limit(Math.min(length, in.remaining())));
        return version.isEmpty() ? "of an unknown version" : version;
    }

    /** The refusal that names both sides. */
    public Refusal refusal(String ourVersion) {
        return new Refusal(
                Refusal.Reason.OTHER_FORMAT,
                "it runs Evenkeel " + version + ", which speaks wire format " + format + ", this member Evenkeel "
                        + ourVersion + ", which speaks wire format " + Hello.FORMAT);
    }
}
