package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.core.Expiry.Level;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpiryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void ofSeveralTheWorstCounts() {
        SecureRandom random = new SecureRandom();
        Instant now = START.plus(Duration.ofDays(355));
        CertificateAuthority year =
                CertificateAuthority.create("CN=year", START, START.plus(Duration.ofDays(365)), random);
        Identity hour = year.issue(CertificateSpec.node("CN=hour", now, now.plusSeconds(3600)), random);
        List<X509Certificate> both = List.of(hour.certificate(), year.certificate());
        assertThat(Expiry.notAfter(both)).isEqualTo(now.plusSeconds(3600));
        assertThat(Expiry.level(both, now)).isEqualTo(Level.SOON);
        assertThat(Expiry.level(hour.chain(), now)).isEqualTo(Level.FINE);
        assertThat(Expiry.level(both, now.plusSeconds(3601))).isEqualTo(Level.EXPIRED);
    }

    @ParameterizedTest
    @CsvSource({
        // a year: 14 and 2 days count
        "P365D,P14D,FINE,SOON",
        "P365D,P2D,SOON,URGENT",
        "P365D,PT-0.000000001S,URGENT,EXPIRED",
        // a day: 8 hours and 2.4 hours count
        "P1D,PT8H,FINE,SOON",
        "P1D,PT2H24M,SOON,URGENT",
    })
    void levelRisesExactlyAtTheThreshold(Duration period, Duration left, Level before, Level at) {
        Instant end = START.plus(period);
        Instant now = end.minus(left);
        assertThat(Expiry.level(START, end, now.minusNanos(1))).isEqualTo(before);
        assertThat(Expiry.level(START, end, now)).isEqualTo(at);
        assertThat(Expiry.level(START, end, now.plusNanos(1))).isEqualTo(at);
    }
}
