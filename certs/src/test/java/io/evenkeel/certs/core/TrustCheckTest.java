package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.core.TrustCheck.Verdict;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustCheckTest {
    private static final Instant END = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration GRACE = Duration.ofHours(1);
    private static final CertificateAuthority CA = authority();
    private static final List<X509Certificate> CHAIN = CA.issue(
                    CertificateSpec.node("CN=node", END.minus(Duration.ofDays(1)), END), new SecureRandom())
            .chain();

    private static CertificateAuthority authority() {
        return CertificateAuthority.create(
                "CN=CA", END.minus(Duration.ofDays(9)), END.plus(Duration.ofDays(9)), new SecureRandom());
    }

    private static Verdict of(Throwable why, Instant now, Duration grace) {
        CertificateException refusal = why == null ? null : new CertificateException(why);
        return TrustCheck.of(refusal, CHAIN, List.of(CA.certificate()), now, grace);
    }

    private static CertPathValidatorException invalid(BasicReason reason) {
        return new CertPathValidatorException("why", null, null, -1, reason);
    }

    @Test
    void noRefusalIsTrust() {
        assertThat(of(null, END.plus(GRACE).plusSeconds(1), GRACE)).isEqualTo(Verdict.TRUSTED);
    }

    @Test
    void anExpiredCertificateIsLateUntilItsGraceEnds() {
        CertificateExpiredException expired = new CertificateExpiredException();
        assertThat(of(expired, END.plus(GRACE).minusMillis(1), GRACE)).isEqualTo(Verdict.LATE);
        assertThat(of(expired, END.plus(GRACE), GRACE)).isEqualTo(Verdict.DISTRUSTED);
        assertThat(of(expired, END.plus(GRACE).plusMillis(1), GRACE)).isEqualTo(Verdict.DISTRUSTED);
        assertThat(of(expired, END, Duration.ZERO)).isEqualTo(Verdict.DISTRUSTED);
    }

    @Test
    void anExpiredCertificateOfAnAuthorityThatIsGoneHasNoGrace() {
        CertificateException expired = new CertificateException(new CertificateExpiredException());
        // Of the same name, so that only the signature tells them apart.
        X509Certificate other = authority().certificate();
        assertThat(TrustCheck.of(expired, CHAIN, List.of(other), END, GRACE)).isEqualTo(Verdict.DISTRUSTED);
        assertThat(TrustCheck.of(expired, CHAIN, List.of(), END, GRACE)).isEqualTo(Verdict.DISTRUSTED);
        assertThat(TrustCheck.of(expired, CHAIN, List.of(other, CA.certificate()), END, GRACE))
                .isEqualTo(Verdict.LATE);
    }

    @Test
    void aTrustedSelfSignedCertificateHasItsGrace() {
        CertificateException expired = new CertificateException(new CertificateExpiredException());
        List<X509Certificate> self = List.of(CA.certificate());
        assertThat(TrustCheck.of(expired, self, self, END.plus(Duration.ofDays(9)), GRACE))
                .isEqualTo(Verdict.LATE);
    }

    @Test
    void anAuthorityThatIsGoneAndARevocationHaveNoGrace() {
        assertThat(of(new CertPathBuilderException("none"), END, GRACE)).isEqualTo(Verdict.DISTRUSTED);
        assertThat(of(invalid(BasicReason.REVOKED), END, GRACE)).isEqualTo(Verdict.DISTRUSTED);
        assertThat(of(new IllegalStateException("odd"), END, GRACE)).isEqualTo(Verdict.DISTRUSTED);
    }

    @Test
    void whatNobodyCanTellEndsNothing() {
        assertThat(of(invalid(BasicReason.UNDETERMINED_REVOCATION_STATUS), END, GRACE))
                .isEqualTo(Verdict.UNDETERMINED);
        assertThat(of(new IllegalStateException(invalid(BasicReason.UNDETERMINED_REVOCATION_STATUS)), END, GRACE))
                .isEqualTo(Verdict.UNDETERMINED);
    }
}
