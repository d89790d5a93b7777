package io.evenkeel.protocols.transport.core;

/**
 * The content of a frame. A frame is a 4 byte big-endian length of everything behind it, one byte of type, and a body.
 *
 * <p>The accepting side speaks first: TLS 1.3 lets a client finish its handshake before the server has looked at the
 * client's certificate (RFC 8446, 2), so a client that wrote first would race the alert that refuses it.
 */
public enum FrameType {
    /**
     * The introduction of one side. The accepting side sends it after TLS, the connecting side answers with its own.
     */
    HELLO(1),
    /** The accepting side takes the connection, the other side says it back; from here on either side sends data. */
    ACCEPT(2),
    /**
     * The accepting side turns the peer down, with a reason; over an open connection either side ends it, since it does
     * not trust the peer any more.
     */
    REFUSE(3),
    /** One serialised JGroups message or list of messages. */
    DATA(4),
    /** The sender closes on purpose and sends nothing more. */
    GOODBYE(5),
    /** Another process claims your address: is that attempt to connect yours? See {@link Claim}. */
    ASK(6),
    /** The answer to that. */
    ANSWER(7);

    /** Bytes of the length field. */
    public static final int LENGTH_BYTES = 4;

    /** Bytes before the body: length and type. */
    public static final int HEADER_BYTES = LENGTH_BYTES + 1;

    /** The first two bytes of a TLS handshake record (RFC 8446, 5.1): type 22, major version 3. */
    private static final int TLS_HANDSHAKE = 0x1603;

    private final byte code;

    FrameType(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /** The type with this code, or a violation. */
    public static FrameType of(byte code) {
        return switch (code) {
            case 1 -> HELLO;
            case 2 -> ACCEPT;
            case 3 -> REFUSE;
            case 4 -> DATA;
            case 5 -> GOODBYE;
            case 6 -> ASK;
            case 7 -> ANSWER;
            default -> throw new ProtocolViolationException("unknown frame type " + code);
        };
    }

    /**
     * Checks the length field of a frame before any of its body is waited for.
     *
     * @param lengthBytes type and body, as read from the wire
     * @param limitBytes the largest allowed value
     */
    public static void checkLength(int lengthBytes, int limitBytes) {
        if (lengthBytes < 1 || lengthBytes > limitBytes) {
            if (lengthBytes >>> 16 == TLS_HANDSHAKE) {
                throw new ProtocolViolationException("these bytes are TLS, this member speaks plain text");
            }
            if (lengthBytes == StockGreeting.COOKIE) {
                throw new ProtocolViolationException(
                        Refusal.Reason.STOCK_PEER, "it speaks the framing of JGroups' TCP, which is not taken here");
            }
            throw new ProtocolViolationException(
                    "frame of " + Integer.toUnsignedLong(lengthBytes) + " bytes, allowed are 1 to " + limitBytes);
        }
    }
}
