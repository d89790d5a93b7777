package io.evenkeel.certs;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Tells the formats of key and trust files by their first bytes. Pure. */
final class StoreFormat {

    static final String UNKNOWN = "unknown";
    /** Any DER sequence: PKCS12, BCFKS and others cannot be told apart by their beginnings. */
    private static final String DER = "PKCS12 or another store of DER";

    private static final int JKS_MAGIC = 0xFEEDFEED;
    private static final int JCEKS_MAGIC = 0xCECECECE;
    private static final int DER_SEQUENCE = 0x30;

    private static final Set<String> NOT_DER = Set.of("JKS", "JCEKS", "PEM");

    private StoreFormat() {}

    /** True if content of this format may be a store of a type; {@link #UNKNOWN} may be anything, damaged. */
    static boolean mayBe(String type, String format) {
        return format.equals(UNKNOWN)
                || (format.equals(DER)
                        ? !NOT_DER.contains(type.toUpperCase(Locale.ROOT))
                        : format.equalsIgnoreCase(type));
    }

    /** JKS, JCEKS, PEM, DER or {@link #UNKNOWN}, as a refusal names it. */
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
            return DER;
        }
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.contains("-----BEGIN ") ? "PEM" : UNKNOWN;
    }
}
