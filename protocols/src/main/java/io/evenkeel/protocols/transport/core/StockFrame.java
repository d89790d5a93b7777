package io.evenkeel.protocols.transport.core;

/**
 * A frame of JGroups' TCP: a big-endian length of 4 bytes and that many bytes, which are the body of a {@link
 * FrameType#DATA} frame. One negative length says that the sender closes the connection on purpose.
 */
public final class StockFrame {
    /** Connection.GRACEFUL_CLOSE of JGroups. Its TCP up to 5.5.7 fails to send it over TLS, and closes without. */
    public static final int GRACEFUL_CLOSE = -5;

    private StockFrame() {}

    /** Checks a length field that is not {@link #GRACEFUL_CLOSE} before any of the body is waited for. */
    public static void checkLength(int lengthBytes, int limitBytes) {
        if (lengthBytes < 1 || lengthBytes > limitBytes) {
            throw new ProtocolViolationException("frame of JGroups' TCP of " + Integer.toUnsignedLong(lengthBytes)
                    + " bytes, allowed are 1 to " + limitBytes);
        }
    }
}
