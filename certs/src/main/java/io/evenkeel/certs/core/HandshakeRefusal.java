package io.evenkeel.certs.core;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a TLS handshake failed, read off the exception that the engine threw. Pure.
 *
 * <p>This side's finding is told by the kinds of the exceptions; the peer's comes as an alert (RFC 8446, section
 * 6.2) whose name both the JDK and BoringSSL put into the message, each in its own spelling.
 *
 * @param byPeer whether the peer refused this member, and not this member the peer
 * @param reason for counters and the log
 */
public record HandshakeRefusal(boolean byPeer, Reason reason) {

    /** The reason why a handshake failed, and the remedy. */
    public enum Reason {
        NO_CERTIFICATE("no certificate was presented", "give the member a key store, or check who connects here"),
        UNKNOWN_AUTHORITY(
                "the certificate was signed by an authority that is not trusted",
                "use a certificate of this cluster's authority, or add its authority to the trust store"),
        EXPIRED("the certificate has expired", "renew it, or check the clocks of both hosts"),
        NOT_YET_VALID("the certificate is not valid yet", "check the clocks of both hosts"),
        REVOKED("the certificate was revoked", "issue a new one if the member still belongs to this cluster"),
        WRONG_USAGE(
                "the certificate does not allow this role",
                "issue it with the key usage digitalSignature and the extended ones serverAuth and clientAuth"),
        BAD_CERTIFICATE("the certificate was refused", "see the peer's log for the reason"),
        PROTOCOL_VERSION("there is no version of TLS that both sides allow", "allow the same versions on both sides"),
        NO_COMMON_CIPHER("there is no cipher or group that both sides allow", "allow the same ones on both sides"),
        NOT_TLS("what came is not TLS", "check that TLS is enabled on both sides and who connects here"),
        OTHER("the handshake failed", "see the exception");

        private final String problem;
        private final String remedy;

        Reason(String problem, String remedy) {
            this.problem = problem;
            this.remedy = remedy;
        }
    }

    // A chain of causes may be made to be a ring.
    private static final int MAX_CAUSES = 16;

    /** Takes a failure apart. */
    public static HandshakeRefusal of(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            Reason found = found(cause);
            if (found != null) {
                return new HandshakeRefusal(false, found);
            }
            cause = cause.getCause();
        }
        cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            HandshakeRefusal told = told(String.valueOf(cause.getMessage()));
            if (told != null) {
                return told;
            }
            cause = cause.getCause();
        }
        return new HandshakeRefusal(false, Reason.OTHER);
    }

    private static @Nullable Reason found(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return Reason.EXPIRED;
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Reason.NOT_YET_VALID;
        }
        if (cause instanceof CertificateRevokedException) {
            return Reason.REVOKED;
        }
        if (cause instanceof CertPathValidatorException invalid) {
            return found(invalid.getReason());
        }
        return cause instanceof CertPathBuilderException && cause.getCause() == null ? Reason.UNKNOWN_AUTHORITY : null;
    }

    // The last two: an authority of the same name as a trusted one, with another key.
    private static @Nullable Reason found(CertPathValidatorException.Reason reason) {
        if (reason == BasicReason.REVOKED) {
            return Reason.REVOKED;
        }
        return reason == PKIXReason.NO_TRUST_ANCHOR || reason == BasicReason.INVALID_SIGNATURE
                ? Reason.UNKNOWN_AUTHORITY
                : null;
    }

    private static @Nullable HandshakeRefusal told(String message) {
        String text = message.toUpperCase(Locale.ROOT).replace(' ', '_');
        if (text.contains("ALERT") || text.contains("TLSV1_CERTIFICATE_REQUIRED")) {
            return new HandshakeRefusal(true, alert(text));
        }
        if (text.contains("EXTENDED_KEY_USAGE")
                || text.contains("KEY_USAGE_BIT")
                || text.contains("KEYUSAGE_DOES_NOT_ALLOW")) {
            return new HandshakeRefusal(false, Reason.WRONG_USAGE);
        }
        if (text.contains("EMPTY_CLIENT_CERTIFICATE_CHAIN") || text.contains("DID_NOT_RETURN_A_CERTIFICATE")) {
            return new HandshakeRefusal(false, Reason.NO_CERTIFICATE);
        }
        if (text.contains("UNRECOGNIZED_SSL_MESSAGE") || text.contains("NOT_AN_SSL/TLS_RECORD")) {
            return new HandshakeRefusal(false, Reason.NOT_TLS);
        }
        if (text.contains("UNSUPPORTED_PROTOCOL")
                || text.contains("CLIENT_REQUESTED_PROTOCOL")
                || text.contains("PROTOCOL_VERSION")) {
            return new HandshakeRefusal(false, Reason.PROTOCOL_VERSION);
        }
        return text.contains("NO_CIPHER_SUITES_IN_COMMON") || text.contains("NO_SHARED_CIPHER")
                ? new HandshakeRefusal(false, Reason.NO_COMMON_CIPHER)
                : null;
    }

    private static Reason alert(String text) {
        if (text.contains("CERTIFICATE_REQUIRED")) {
            return Reason.NO_CERTIFICATE;
        }
        if (text.contains("UNKNOWN_CA")) {
            return Reason.UNKNOWN_AUTHORITY;
        }
        if (text.contains("CERTIFICATE_EXPIRED")) {
            return Reason.EXPIRED;
        }
        if (text.contains("CERTIFICATE_REVOKED")) {
            return Reason.REVOKED;
        }
        if (text.contains("UNSUPPORTED_CERTIFICATE")) {
            return Reason.WRONG_USAGE;
        }
        if (text.contains("CERTIFICATE")) {
            return Reason.BAD_CERTIFICATE;
        }
        if (text.contains("PROTOCOL_VERSION")) {
            return Reason.PROTOCOL_VERSION;
        }
        return text.contains("HANDSHAKE_FAILURE") ? Reason.NO_COMMON_CIPHER : Reason.OTHER;
    }

    /**
     * One line for the log: who, why, what to do.
     *
     * @param peer the peer's address
     */
    public String message(String peer) {
        String who = byPeer ? "peer " + peer + " refused this member" : "peer " + peer + " refused";
        return who + ": " + reason.problem + "; " + reason.remedy;
    }
}
