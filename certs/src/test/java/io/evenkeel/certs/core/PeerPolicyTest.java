package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.core.PeerVerdict.Accepted;
import io.evenkeel.certs.core.PeerVerdict.Reason;
import io.evenkeel.certs.core.PeerVerdict.Refused;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerPolicyTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.create("CN=CA", NOW, NOW.plusSeconds(1000), RANDOM);

    private static CertificateSpec spec(String subject) {
        return CertificateSpec.node(subject, NOW, NOW.plusSeconds(1000));
    }

    private static X509Certificate issue(CertificateSpec spec) {
        return AUTHORITY.issue(spec, RANDOM).certificate();
    }

    private static final X509Certificate NODE = issue(spec("CN=node-1,OU=kc,O=Example")
            .withDns("Node-1.KC.example")
            .withDns("other.example")
            .withIp("10.1.2.3")
            .withIp("2001:db8::1")
            .withUri("spiffe://example/ns/kc/node-1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns:node-1.kc.example",
                "dns:*.kc.EXAMPLE",
                "dns:other.*",
                "dns:**.example",
                "ip:10.1.2.3",
                "ip:10.1.0.0/16",
                "ip:10.1.2.2/31",
                "ip:0.0.0.0/0",
                "ip:2001:db8::/32",
                "ip:2001:db8:0:0::1",
                "uri:spiffe://example/ns/kc/*",
                "uri:spiffe://example/**",
                "dn:CN=node-1,OU=kc,O=Example",
                "dn: cn=node-*, ou=kc, o=Example",
                "dn:CN=*,OU=*,O=Ex*ple",
                "dns:nobody ; dn:CN=*,OU=kc,O=Example",
            })
    void fits(String pattern) {
        assertThat(PeerPolicy.parse("peers", pattern).verdict(NODE)).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns:kc.example",
                "dns:*.example.com",
                "dns:*.KC",
                "dns:node-1.kc.example.",
                "dns:node-1",
                "ip:10.1.2.4",
                "ip:10.2.0.0/16",
                "ip:10.1.2.2/32",
                "ip:10.1.2.0/31",
                "ip:2001:db9::/32",
                "uri:spiffe://example/ns/*",
                "uri:SPIFFE://example/ns/kc/node-1",
                "dn:CN=node-1",
                "dn:CN=node-1,O=Example",
                "dn:OU=kc,CN=node-1,O=Example",
                "dn:CN=node-1,OU=kc,O=example",
                "dn:CN=node-**,O=Example",
            })
    void doesNotFit(String pattern) {
        PeerVerdict verdict = PeerPolicy.parse("peers", pattern).verdict(NODE);
        assertThat(verdict).isInstanceOf(Refused.class);
        Refused refused = (Refused) verdict;
        assertThat(refused.reason()).isEqualTo(Reason.NAME_NOT_ALLOWED);
        assertThat(refused.message()).contains("CN=node-1", "dns:node-1.kc.example", pattern, "; ");
    }

    @Test
    void namesInsideOfNamesFoolNobody() {
        PeerPolicy policy = PeerPolicy.parse("peers", "dn:CN=node-*,O=Example");
        assertThat(policy.verdict(issue(spec("CN=node-1,O=Example")))).isInstanceOf(Accepted.class);
        assertThat(policy.verdict(issue(spec("CN=node-1\\,O\\=Example,O=Evil"))))
                .isInstanceOf(Refused.class);
        assertThat(policy.verdict(issue(spec("CN=\"node-1,O=Example\"")))).isInstanceOf(Refused.class);
        assertThat(policy.verdict(issue(spec("CN=node-1+OU=x,O=Example")))).isInstanceOf(Refused.class);
        // A common name is not a DNS name, however much it looks like one (RFC 6125, section 6.4.4).
        PeerPolicy dns = PeerPolicy.parse("peers", "dns:node-1.kc.example");
        PeerVerdict verdict = dns.verdict(issue(spec("CN=node-1.kc.example")));
        assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.NO_NAME);
            assertThat(refused.message()).contains("no other names");
        });
    }

    @Test
    void aPeersNameIsShownInOneBoundedLine() {
        X509Certificate rogue = issue(spec("CN=x" + "y".repeat(2000)).withUri("a:\nWARN all is lost"));
        PeerVerdict verdict = PeerPolicy.parse("peers", "dns:a").verdict(rogue);
        assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.message())
                .doesNotContain("\n")
                .hasSizeLessThan(1000));
    }

    @Test
    void noPatternsAcceptAnyTrustedPeer() {
        assertThat(PeerPolicy.anyTrusted().verdict(NODE)).isEqualTo(new Accepted("any"));
        assertThat(PeerPolicy.anyTrusted()).hasToString("any");
        assertThat(PeerPolicy.parse("peers", null)).isSameAs(PeerPolicy.anyTrusted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void anEmptyListIsNotEverybody(String nobody) {
        assertThatThrownBy(() -> PeerPolicy.parse("authorized_peers", nobody))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("authorized_peers='" + nobody + "' names nobody")
                .hasMessageContaining("remove it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node-1|must begin with",
                "mail:a@b|must begin with",
                "dns:|names nothing",
                "dns:a;|names nothing",
                "ip:host.example|no IP address",
                "ip:deadbeef|no IP address",
                "ip:300.1.1.1|no IP address",
                "ip:10.0.0.0/33|must be 0 to 32",
                "ip:::1/129|must be 0 to 128",
                "ip:10.0.0.0/x|must be 0 to 32",
                "dn:hello|no distinguished name",
                "dns:a.example,dns:b.example|separate patterns by ';'",
                "dns:a b|separate patterns by ';'",
                "dns:a:7800|separate patterns by ';'",
            })
    void badPatternsAreRefused(String patterns, String words) {
        assertThatThrownBy(() -> PeerPolicy.parse("tls_peers", patterns))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tls_peers=" + patterns + ": the pattern '")
                .hasMessageContaining(words);
    }
}
