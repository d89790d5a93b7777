package io.evenkeel.certs;

import java.nio.charset.StandardCharsets;

/** Tells the formats of key and trust files by their first bytes. Pure. */
final class StoreFormat {

    static final String UNKNOWN = "unknown";

    private static final int JKS_MAGIC = 0xFEEDFEED;
    private static final int JCEKS_MAGIC = 0xCECECECE;
    private static final int DER_SEQUENCE = 0x30;

    private StoreFormat() {}

    /** PKCS12, JKS, JCEKS, PEM or {@link #UNKNOWN}; any DER sequence counts as PKCS12. */
    static String of(byte[] content) {
        if (content.length < 4) {
            return UNKNOWN;
        }
        int head =
                (content[0] & 0xFF) << 24 | (content[1] & 0xFF) << 16 | (content[2] & 0xFF) << 8 | (content[3] & 0xFF);
        if (head == JKS_MAGIC) {
            return "JKS";
        }
        if (head == JCEKS_MAGIC) {
            return "JCEKS";
        }
        if (content[0] == DER_SEQUENCE) {
            return "PKCS12";
        }
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.contains("-----BEGIN ") ? "PEM" : UNKNOWN;
    }
}
