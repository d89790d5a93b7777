package io.evenkeel.certs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.KeyType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelfHandshakeTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final Instant now = Instant.now();
    private final Instant from = now.minus(Duration.ofHours(1));
    private final Instant to = now.plus(Duration.ofHours(1));

    private final CertificateAuthority authority = CertificateAuthority.create("CN=authority", from, to, RANDOM);

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void membersThatTrustTheirOwnAuthorityAcceptEachOther(KeyType type) {
        Identity member = authority.issue(CertificateSpec.node("CN=member", from, to), type, RANDOM);

        assertThatCode(() -> SelfHandshake.run(TlsMaterial.of(member, List.of(authority.certificate()))))
                .doesNotThrowAnyException();
    }

    @Test
    void membersThatTrustSomebodyElseDoNot() {
        CertificateAuthority other = CertificateAuthority.create("CN=other", from, to, RANDOM);
        Identity member = authority.issue(CertificateSpec.node("CN=member", from, to), RANDOM);

        assertThatThrownBy(() -> SelfHandshake.run(TlsMaterial.of(member, List.of(other.certificate()))))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void anExpiredCertificateIsNotAccepted() {
        Identity member = authority.issue(CertificateSpec.node("CN=member", from, now.minusSeconds(60)), RANDOM);

        assertThatThrownBy(() -> SelfHandshake.run(TlsMaterial.of(member, List.of(authority.certificate()))))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aCertificateForServersAloneIsNoMembers() {
        Identity member = authority.issue(
                CertificateSpec.node("CN=member", from, to).withUsages(CertificateSpec.Usage.SERVER), RANDOM);

        assertThatThrownBy(() -> SelfHandshake.run(TlsMaterial.of(member, List.of(authority.certificate()))))
                .isInstanceOf(SSLException.class);
    }
}
