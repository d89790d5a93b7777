package io.evenkeel.protocols.transport;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Frames as a peer sends them, and as nobody should: everything comes out of the given source of randomness. */
final class FrameFuzz {
    private static final int MAX_DATA_BYTES = 3_000;
    private static final FrameType[] TYPES = FrameType.values();

    private final Random random;

    FrameFuzz(Random random) {
        this.random = random;
    }

    /** A frame that is good in itself, at the right time or not. */
    byte[] good() {
        FrameType type = TYPES[random.nextInt(TYPES.length)];
        return frame(type, body(type));
    }

    /** Something that most likely is no good frame. */
    byte[] bad() {
        byte[] frame = good();
        switch (random.nextInt(7)) {
            case 0 -> flip(frame, 0, frame.length);
            case 1 -> flip(frame, 0, FrameType.HEADER_BYTES);
            case 2 -> flip(frame, FrameType.HEADER_BYTES, frame.length);
            case 3 -> {
                // Cut short, with a length that fits: what is inside does not.
                byte[] body = Arrays.copyOfRange(frame, FrameType.HEADER_BYTES, frame.length);
                return frame(frame[4], Arrays.copyOf(body, random.nextInt(body.length + 1)));
            }
            case 4 -> ByteBuffer.wrap(frame).putInt(0, random.nextInt());
            case 5 -> {
                return frame((byte) random.nextInt(), garbage(random.nextInt(600)));
            }
            default -> {
                return garbage(1 + random.nextInt(64));
            }
        }
        return frame;
    }

    byte[] frame(FrameType type, byte[] body) {
        return frame(type.code(), body);
    }

    private static byte[] frame(byte code, byte[] body) {
        return ByteBuffer.allocate(FrameType.HEADER_BYTES + body.length)
                .putInt(1 + body.length)
                .put(code)
                .put(body)
                .array();
    }

    /** A HELLO of anybody. */
    Hello hello() {
        byte[] host = garbage(random.nextBoolean() ? 4 : 16);
        String cluster = "c".repeat(random.nextInt(20));
        try {
            Hello hello = new Hello(
                    cluster,
                    new InetSocketAddress(InetAddress.getByAddress(host), random.nextInt(65_536)),
                    random.nextLong(),
                    ByteBuffer.wrap(garbage(random.nextInt(256))));
            return random.nextInt(4) == 0 ? hello.asProbe() : hello.asAttempt(random.nextLong());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] body(FrameType type) {
        return switch (type) {
            case HELLO -> hello().encode();
            case REFUSE -> {
                Refusal.Reason[] reasons = Refusal.Reason.values();
                yield new Refusal(reasons[random.nextInt(reasons.length)], "x".repeat(random.nextInt(1_500))).encode();
            }
            case DATA -> garbage(random.nextInt(MAX_DATA_BYTES));
            case ASK ->
                ByteBuffer.allocate(Long.BYTES).putLong(0, random.nextLong()).array();
            case ANSWER -> {
                Claim.Answer[] answers = Claim.Answer.values();
                yield answers[random.nextInt(answers.length)].encode(random.nextLong());
            }
            case ACCEPT, GOODBYE -> garbage(random.nextInt(3));
        };
    }

    byte[] garbage(int bytes) {
        byte[] garbage = new byte[bytes];
        random.nextBytes(garbage);
        return garbage;
    }

    private void flip(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        for (int i = random.nextInt(8); i >= 0; i--) {
            bytes[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
        }
    }
}
