package io.evenkeel.certs.core;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verdict about a peer that was trusted when its connection was made and whose certificates the trust manager has been
 * asked about again. Pure.
 */
public final class TrustCheck {

    /** The fate of the connection. */
    public enum Verdict {
        TRUSTED,
        /** A certificate has expired, and its renewal may only be late: the connection stays for a grace. */
        LATE,
        /**
         * Nobody can tell whether a certificate was revoked. The connection stays: an outage of a responder must not
         * take a cluster apart that was sound before it.
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
     * @param refusal the trust manager's exception; null if it had none
     * @param chain the peer's certificates, its own first
     * @param authorities the trust manager's, now
     * @param grace the time for which an expired certificate is good enough for an open connection
     */
    public static Verdict of(
            @Nullable CertificateException refusal,
            List<X509Certificate> chain,
            Collection<X509Certificate> authorities,
            Instant now,
            Duration grace) {
        if (refusal == null) {
            return Verdict.TRUSTED;
        }
        if (HandshakeRefusal.of(refusal).reason() == HandshakeRefusal.Reason.EXPIRED) {
            Instant end = Expiry.notAfter(chain);
            boolean late = now.isBefore(end.plus(grace)) && vouchedFor(chain, authorities, end.minusMillis(1));
            return late ? Verdict.LATE : Verdict.DISTRUSTED;
        }
        return isUndetermined(refusal) ? Verdict.UNDETERMINED : Verdict.DISTRUSTED;
    }

    /**
     * True if the authorities of now would have let the peer in before its certificate expired. A trust manager reports
     * the expiry and not that the authority is gone as well, which has no grace.
     */
    private static boolean vouchedFor(
            List<X509Certificate> chain, Collection<X509Certificate> authorities, Instant before) {
        X509Certificate own = chain.get(0);
        if (authorities.contains(own)) {
            return true;
        }
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(own);
            PKIXBuilderParameters path = new PKIXBuilderParameters(
                    authorities.stream()
                            .map(authority -> new TrustAnchor(authority, null))
                            .collect(Collectors.toSet()),
                    target);
            path.setRevocationEnabled(false);
            path.setDate(Date.from(before));
            path.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(path);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
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
