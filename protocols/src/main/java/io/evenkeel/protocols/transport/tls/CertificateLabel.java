package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.core.LogText;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * A certificate in lines for people: its subject, and enough of its fingerprint to tell it from others of that name.
 */
public final class CertificateLabel {
    private static final int MAX_SUBJECT_CHARS = 200;
    private static final int SHOWN_BYTES = 8;

    private CertificateLabel() {}

    public static String of(X509Certificate certificate) {
        String subject = LogText.oneLine(certificate.getSubjectX500Principal().getName(), MAX_SUBJECT_CHARS);
        try {
            byte[] fingerprint = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return "'" + subject + "' (SHA-256 " + HexFormat.of().formatHex(fingerprint, 0, SHOWN_BYTES) + "...)";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        } catch (CertificateEncodingException e) {
            return "'" + subject + "'";
        }
    }
}
