package io.evenkeel.protocols.transport.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A version on the wire: at most 64 printable characters of ASCII, as it ends in the logs of others. */
final class VersionText {
    static final int MAX_BYTES = 64;

    private VersionText() {}

    static byte[] encode(String version) {
        String printable = printable(version);
        return printable.substring(0, Math.min(printable.length(), MAX_BYTES)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads what a peer sent; what is too long is cut, what is not printable becomes a question mark. */
    static String decode(ByteBuffer in) {
        byte[] text = new byte[Math.min(in.remaining(), MAX_BYTES)];
        in.get(text);
        return printable(new String(text, StandardCharsets.ISO_8859_1));
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?").strip();
    }
}
