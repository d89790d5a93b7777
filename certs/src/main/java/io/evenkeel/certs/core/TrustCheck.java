package io.evenkeel.certs.core;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Verdict about a peer that was trusted when its connection was made and whose certificates the trust manager has been asked
 * about again. Pure.
 */
public final class TrustCheck {

    /** What becomes of the connection. */
    public enum Verdict {
        TRUSTED,
        /** A certificate has expired, and its renewal may only be late: the connection stays for a grace. */
        LATE,
        /**
         * Nobody can tell whether a certificate was revoked. The connection stays: an outage of a responder must not take
         * a cluster apart that was sound before it.
         */
        UNDETERMINED,
        /** The connection ends. */
        DISTRUSTED
    }

    // A chain of causes may be made to be a ring.
    private static final int MAX_CAUSES = 16;

    private TrustCheck() {}

    /**
     * Judges.
     *
     * @param refusal what the trust manager has thrown; null for nothing
     * @param chain the peer's certificates
     * @param grace for how long an expired certificate is good enough for an open connection
     */
    public static Verdict of(CertificateException refusal, List<X509Certificate> chain, Instant now, Duration grace) {
        if (refusal == null) {
            return Verdict.TRUSTED;
        }
        if (HandshakeRefusal.of(refusal).reason() == HandshakeRefusal.Reason.EXPIRED) {
            return now.isBefore(Expiry.notAfter(chain).plus(grace)) ? Verdict.LATE : Verdict.DISTRUSTED;
        }
        return isUndetermined(refusal) ? Verdict.UNDETERMINED : Verdict.DISTRUSTED;
    }

    private static boolean isUndetermined(Throwable refusal) {
        Throwable cause = refusal;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof CertPathValidatorException invalid
                    && invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
