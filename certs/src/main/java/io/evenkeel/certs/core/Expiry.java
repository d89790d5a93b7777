package io.evenkeel.certs.core;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;

/**
 * The end of certificates, and the time before it at which to warn. Pure.
 *
 * <p>Fixed thresholds would cry at a certificate of one day from its first minute on, so each threshold is bounded by a
 * share of the validity period: a certificate of a year is SOON 14 days before its end, one of a day 8 hours.
 */
public final class Expiry {

    /** The nearness of the end, in order. A shell warns when the level rises, and does not repeat itself. */
    public enum Level {
        /** Nothing to do. */
        FINE,
        /** At most 14 days, or a third of the validity period, are left. */
        SOON,
        /** At most 2 days, or a tenth of the validity period, are left: an error. */
        URGENT,
        /** The end is past. */
        EXPIRED
    }

    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration URGENT = Duration.ofDays(2);

    private Expiry() {}

    /** The earliest end of some certificates; at least one must be given. */
    public static Instant notAfter(Collection<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The highest level among some certificates; at least one must be given. */
    public static Level level(Collection<X509Certificate> certificates, Instant now) {
        return certificates.stream()
                .map(certificate -> level(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant(),
                        now))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The level of a validity period; both its ends belong to it (RFC 5280, section 4.1.2.5). */
    public static Level level(Instant notBefore, Instant notAfter, Instant now) {
        if (now.isAfter(notAfter)) {
            return Level.EXPIRED;
        }
        Duration period = Duration.between(notBefore, notAfter);
        Duration left = Duration.between(now, notAfter);
        if (within(left, URGENT, period.dividedBy(10))) {
            return Level.URGENT;
        }
        return within(left, SOON, period.dividedBy(3)) ? Level.SOON : Level.FINE;
    }

    private static boolean within(Duration left, Duration threshold, Duration share) {
        return left.compareTo(threshold) <= 0 && left.compareTo(share) <= 0;
    }
}
