package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.certs.core.HandshakeRefusal.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeRefusalTest {

    private final Instant now = Instant.now();
    private final CertificateAuthority authority = Fixture.authority("CA", now);
    private final TlsMaterial member = Fixture.material(authority, "member");

    private TlsMaterial rogue(CertificateAuthority issuer, CertificateSpec spec) {
        return TlsMaterial.of(issuer.issue(spec, RANDOM), List.of(authority.certificate()));
    }

    private void assertRefused(TlsMaterial rogue, Reason atMember, Reason atRogue) throws Exception {
        Handshake.Failures asClient = Handshake.fail(Handshake.engine(rogue, true), Handshake.engine(member, false));
        assertThat(HandshakeRefusal.of(asClient.atServer())).isEqualTo(new HandshakeRefusal(false, atMember));
        assertThat(HandshakeRefusal.of(asClient.atClient())).isEqualTo(new HandshakeRefusal(true, atRogue));
    }

    private void assertServerRefused(TlsMaterial rogue, Reason atMember, Reason atRogue) throws Exception {
        Handshake.Failures asServer = Handshake.fail(Handshake.engine(member, true), Handshake.engine(rogue, false));
        assertThat(HandshakeRefusal.of(asServer.atClient())).isEqualTo(new HandshakeRefusal(false, atMember));
        assertThat(HandshakeRefusal.of(asServer.atServer())).isEqualTo(new HandshakeRefusal(true, atRogue));
    }

    @Test
    void anotherAuthority() throws Exception {
        TlsMaterial other = rogue(Fixture.authority("Other", now), Fixture.node("x", now));
        assertRefused(other, Reason.UNKNOWN_AUTHORITY, Reason.BAD_CERTIFICATE);
        assertServerRefused(other, Reason.UNKNOWN_AUTHORITY, Reason.BAD_CERTIFICATE);
    }

    @Test
    void anotherAuthorityOfTheSameName() throws Exception {
        TlsMaterial other = rogue(Fixture.authority("CA", now), Fixture.node("x", now));
        assertRefused(other, Reason.UNKNOWN_AUTHORITY, Reason.BAD_CERTIFICATE);
        assertServerRefused(other, Reason.UNKNOWN_AUTHORITY, Reason.BAD_CERTIFICATE);
    }

    @Test
    void selfSigned() throws Exception {
        Identity self = Fixture.authority("Self", now).identity();
        assertRefused(
                TlsMaterial.of(self, List.of(authority.certificate())),
                Reason.UNKNOWN_AUTHORITY,
                Reason.BAD_CERTIFICATE);
    }

    @Test
    void expired() throws Exception {
        TlsMaterial old = rogue(authority, CertificateSpec.node("CN=x", now.minusSeconds(200), now.minusSeconds(100)));
        assertRefused(old, Reason.EXPIRED, Reason.BAD_CERTIFICATE);
        assertServerRefused(old, Reason.EXPIRED, Reason.BAD_CERTIFICATE);
    }

    @Test
    void notYetValid() throws Exception {
        TlsMaterial early =
                rogue(authority, CertificateSpec.node("CN=x", now.plusSeconds(1000), now.plusSeconds(2000)));
        assertRefused(early, Reason.NOT_YET_VALID, Reason.BAD_CERTIFICATE);
    }

    @Test
    void usageOfTheOtherRole() throws Exception {
        CertificateSpec spec = Fixture.node("x", now);
        assertRefused(
                rogue(authority, spec.withUsages(CertificateSpec.Usage.SERVER)),
                Reason.WRONG_USAGE,
                Reason.BAD_CERTIFICATE);
        assertServerRefused(
                rogue(authority, spec.withUsages(CertificateSpec.Usage.CLIENT)),
                Reason.WRONG_USAGE,
                Reason.BAD_CERTIFICATE);
    }

    @Test
    void olderVersionOfTls() throws Exception {
        SSLEngine old = Handshake.engine(member, true, "TLSv1.2");
        Handshake.Failures failures = Handshake.fail(old, Handshake.engine(member, false));
        assertThat(HandshakeRefusal.of(failures.atServer()))
                .isEqualTo(new HandshakeRefusal(false, Reason.PROTOCOL_VERSION));
        assertThat(HandshakeRefusal.of(failures.atClient()))
                .isEqualTo(new HandshakeRefusal(true, Reason.PROTOCOL_VERSION));
    }

    @Test
    void plainText() throws Exception {
        SSLEngine server = Handshake.engine(member, false);
        ByteBuffer plain = ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Throwable failure = Assertions.catchThrowable(() -> server.unwrap(plain, ByteBuffer.allocate(40_000)));
        assertThat(HandshakeRefusal.of(failure)).isEqualTo(new HandshakeRefusal(false, Reason.NOT_TLS));
    }

    @Test
    void noCertificate() throws Exception {
        TlsMaterial none = new TlsMaterial(new EngineKeyManager(new NoKeys()), member.trustManager());
        assertRefused(none, Reason.NO_CERTIFICATE, Reason.BAD_CERTIFICATE);
    }

    /** BoringSSL's names of the same alerts, as its engine puts them into messages. */
    @ParameterizedTest
    @CsvSource({
        "SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED,EXPIRED",
        "SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA,UNKNOWN_AUTHORITY",
        "SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN,BAD_CERTIFICATE",
        "SSL routines:OPENSSL_internal:TLSV1_CERTIFICATE_REQUIRED,NO_CERTIFICATE",
        "SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION,PROTOCOL_VERSION",
        "Received fatal alert: certificate_revoked,REVOKED",
        "Received fatal alert: handshake_failure,NO_COMMON_CIPHER",
        "Received fatal alert: internal_error,OTHER",
    })
    void alertsOfThePeer(String message, Reason reason) {
        assertThat(HandshakeRefusal.of(new SSLHandshakeException(message)))
                .isEqualTo(new HandshakeRefusal(true, reason));
    }

    @Test
    void aKeyUsageThatTheJdkMisses() {
        assertThat(HandshakeRefusal.of(new SSLHandshakeException("KeyUsage does not allow digital signatures")))
                .isEqualTo(new HandshakeRefusal(false, Reason.WRONG_USAGE));
    }

    @Test
    void whatBoringSslFinds() {
        assertThat(HandshakeRefusal.of(new SSLHandshakeException(
                        "error:1000012e:SSL routines:OPENSSL_internal:KEY_USAGE_BIT_INCORRECT")))
                .isEqualTo(new HandshakeRefusal(false, Reason.WRONG_USAGE));
        assertThat(HandshakeRefusal.of(new SSLHandshakeException(
                        "error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE")))
                .isEqualTo(new HandshakeRefusal(false, Reason.NO_CERTIFICATE));
    }

    @Test
    void unknownFailuresAreSaidToBeSo() {
        assertThat(HandshakeRefusal.of(new SSLException((String) null)))
                .isEqualTo(new HandshakeRefusal(false, Reason.OTHER));
        assertThat(new HandshakeRefusal(true, Reason.EXPIRED).message("10.0.0.1:7800"))
                .isEqualTo("peer 10.0.0.1:7800 refused this member: the certificate has expired; renew it, or check the"
                        + " clocks of both hosts");
    }
}
