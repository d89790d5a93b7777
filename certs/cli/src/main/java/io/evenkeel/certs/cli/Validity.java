package io.evenkeel.certs.cli;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * From when to when a new certificate is valid. It begins an hour ago: a node whose clock is behind must not refuse a
 * certificate that was made a minute before.
 */
record Validity(Instant notBefore, Instant notAfter) {
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int MAX_DAYS = 36_500;

    static Validity ofDays(int days, Instant now) {
        checkDays("--days", days);
        return new Validity(now.minus(CLOCK_SKEW), now.plus(Duration.ofDays(days)));
    }

    static void checkDays(String option, int days) {
        if (days < 1 || days > MAX_DAYS) {
            throw new UsageException(option + "=" + days + " must be 1 to " + MAX_DAYS);
        }
    }

    /** Refuses a certificate that would outlive its CA: it would stop to be accepted before its end. */
    Validity within(X509Certificate authority) {
        Instant end = authority.getNotAfter().toInstant();
        if (notAfter.isAfter(end)) {
            throw new IllegalArgumentException("the CA ends at " + end + ", before the certificate would at " + notAfter
                    + "; give fewer --days, or exchange the CA with rotate-ca");
        }
        Instant begin = authority.getNotBefore().toInstant();
        return new Validity(notBefore.isBefore(begin) ? begin : notBefore, notAfter);
    }
}
