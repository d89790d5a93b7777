package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.Revocations;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.protocols.LOCAL_PING;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Peers that are turned away, and the reason on both sides, with either TLS; the cluster of two that stands beside it
 * notices nothing.
 */
abstract class RefusedPeersContract {
    /** The value of tls_provider. */
    abstract String provider();

    /** The value of stock_peers at the members. */
    String stockPeers() {
        return "refuse";
    }

    /**
     * Checks what a refused peer has read.
     *
     * @param alert what TLS has for the case (RFC 8446, section 6.2)
     */
    abstract void assertTold(String said, String alert);

    private final TestMembers members = new TestMembers();
    private final Identity identity = Revocations.identity(TestMembers.CA);
    private final Identity revoked = Revocations.identity(TestMembers.CA);
    private JChannel a;
    private JChannel b;

    @BeforeEach
    void healthyCluster() throws Exception {
        // It goes by a list of revoked certificates in all cases: most of the others are not on it.
        TCP_NETTY first = with(Revocations.material(
                TestMembers.CA, identity, Revocations.list(TestMembers.CA, revoked.certificate())));
        first.max_pending_handshakes = 4;
        first.authorized_peers = "dn:CN=node;dns:*.kc.test";
        a = members.join("A", "healthy", first.setStockPeers(stockPeers()));
        b = members.join("B", "healthy", secure().setStockPeers(stockPeers()));
        TestMembers.awaitView(2, a, b);
    }

    @AfterEach
    void healthyClusterIsUnaffected() {
        try (members) {
            TestMembers.awaitView(2, a, b);
            assertThat(TestMembers.of(a).getReconnects()).isZero();
            assertThat(TestMembers.of(b).getReconnects()).isZero();
            assertThat(TestMembers.of(a).getSuspectsSent()).isZero();
        }
    }

    private TCP_NETTY secure() {
        return with(TestMembers.material());
    }

    final TCP_NETTY accepting() {
        return TestMembers.of(a);
    }

    final void assertRefused(Reason reason, String... words) {
        Awaitility.await().untilAsserted(() -> assertThat(
                        accepting().transportStats().refused(reason).sum())
                .as("refused for " + reason + " of " + LineLog.of(accepting()))
                .isPositive());
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(accepting()))
                .filteredOn(line -> line.startsWith("WARN refused 127.0.0.") && line.contains(reason.toString()))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).contains(reason.remedy()).satisfies(each -> List.of(words)
                        .forEach(word -> assertThat(each).contains(word)))));
    }

    /** A peer of the same cluster name that knows A's address; it sees the outcome of its probe. */
    private ProbeResult probeBy(TCP_NETTY stranger, String cluster) throws Exception {
        JChannel channel = members.channel("X", stranger, new LOCAL_PING());
        channel.connect(cluster);
        return stranger.probe(accepting().localPhysicalAddress(), 60_000)
                .toCompletableFuture()
                .get(120, TimeUnit.SECONDS);
    }

    private TCP_NETTY with(TlsMaterial material) {
        TCP_NETTY transport = TestMembers.transport().setTlsMaterial(material);
        transport.tls_provider = provider();
        return transport;
    }

    @Test
    void anotherAuthority() throws Exception {
        // It trusts A's authority, so that it is A who refuses.
        TlsMaterial other = TestMembers.material(TestMembers.OTHER_CA, TestMembers.CA, Duration.ofDays(1));
        ProbeResult result = probeBy(with(other), "another-ca");
        assertRefused(Reason.UNTRUSTED_CERTIFICATE);
        assertThat(result)
                .isInstanceOfSatisfying(
                        ProbeResult.Rejected.class, rejected -> assertTold(rejected.reason(), "unknown_ca"));
    }

    @Test
    void anAuthorityThatThisMemberDoesNotHave() throws Exception {
        // Here it is the connecting side that refuses, and A is told so by an alert.
        TlsMaterial other = TestMembers.material(TestMembers.OTHER_CA, TestMembers.OTHER_CA, Duration.ofDays(1));
        ProbeResult result = probeBy(with(other), "another-ca");
        assertRefused(Reason.REFUSED_BY_PEER);
        assertThat(result).isInstanceOfSatisfying(ProbeResult.Rejected.class, rejected -> assertThat(rejected.reason())
                .contains("UNTRUSTED_CERTIFICATE"));
    }

    @Test
    void expiredCertificate() throws Exception {
        TlsMaterial expired = TestMembers.material(TestMembers.CA, TestMembers.CA, Duration.ofHours(-1));
        assertTold("certificate_expired", () -> tls(expired));
        assertRefused(Reason.EXPIRED_CERTIFICATE, "NotAfter");
    }

    @Test
    void notYetValidCertificate() throws Exception {
        Instant now = Instant.now();
        CertificateSpec spec =
                CertificateSpec.node("CN=node", now.plus(Duration.ofHours(1)), now.plus(Duration.ofHours(2)));
        TlsMaterial early = TestMembers.material(TestMembers.CA, spec);
        assertTold("certificate_expired", () -> tls(early));
        assertRefused(Reason.NOT_YET_VALID, "NotBefore");
    }

    @Test
    void selfSignedCertificate() throws Exception {
        Identity self = TestMembers.selfSigned();
        TlsMaterial own = TlsMaterial.of(self, List.of(TestMembers.CA.certificate()));
        assertTold("unknown_ca", () -> tls(own));
        assertRefused(Reason.UNTRUSTED_CERTIFICATE);
    }

    @Test
    void certificatesBehindOneAddressAreToldApart() throws Exception {
        List<X509Certificate> trusted = List.of(TestMembers.CA.certificate());
        for (int i = 0; i < 2; i++) {
            TlsMaterial self = TlsMaterial.of(TestMembers.selfSigned(), trusted);
            for (int j = 0; j < 2; j++) {
                assertTold("unknown_ca", () -> tls(self));
            }
        }
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(accepting()))
                .filteredOn(line -> line.startsWith("WARN refused 127.0.0.1: UNTRUSTED_CERTIFICATE"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("certificate 'CN=jgroups' (SHA-256 ")));
    }

    @Test
    void certificateForServersOnly() throws Exception {
        CertificateSpec spec = TestMembers.spec("CN=node").withUsages(CertificateSpec.Usage.SERVER);
        TlsMaterial server = TestMembers.material(TestMembers.CA, spec);
        assertTold("unsupported_certificate", () -> tls(server));
        assertRefused(Reason.WRONG_USAGE, "usage");
    }

    @Test
    void namesThatAreNotAllowed() throws Exception {
        CertificateSpec spec = TestMembers.spec("CN=payroll").withDns("payroll.example");
        ProbeResult result = probeBy(with(TestMembers.material(TestMembers.CA, spec)), "payroll");
        assertRefused(Reason.NOT_AUTHORIZED, "CN=payroll", "payroll.example", "dns:*.kc.test");
        assertThat(result).asString().contains("NOT_AUTHORIZED").doesNotContain("kc.test");
    }

    @Test
    void allowedByAnotherPattern() throws Exception {
        CertificateSpec spec = TestMembers.spec("CN=other").withDns("a.kc.test");
        ProbeResult result = probeBy(with(TestMembers.material(TestMembers.CA, spec)), "other");
        assertThat(result).asString().contains("OTHER_CLUSTER");
    }

    @Test
    void namesThatTheDiallingSideDoesNotAllow() throws Exception {
        TCP_NETTY stranger = with(
                TestMembers.material(TestMembers.CA, TestMembers.spec("CN=node").withDns("x.kc.test")));
        stranger.authorized_peers = "dns:*.kc.test";
        assertThat(probeBy(stranger, "strict")).asString().contains("NOT_AUTHORIZED", "dns:*.kc.test");
        assertRefused(Reason.REFUSED_BY_PEER, "NOT_AUTHORIZED");
    }

    @Test
    void addressThatTheCertificateDoesNotBear() throws Exception {
        TCP_NETTY stranger = with(
                TestMembers.material(TestMembers.CA, TestMembers.spec("CN=node").withIp("127.0.0.1")));
        stranger.bind_identity_to_address = true;
        assertThat(probeBy(stranger, "bound")).asString().contains("ADDRESS_NOT_CERTIFIED", "127.0.0.1");
        assertRefused(Reason.REFUSED_BY_PEER, "ADDRESS_NOT_CERTIFIED");
    }

    @Test
    void noCertificate() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {TestMembers.material().trustManager()}, null);
        assertTold("certificate_required", () -> context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), accepting().getBoundPort()));
        assertRefused(Reason.NO_CERTIFICATE);
        // A balancer's check, for all that this side can tell.
        assertThat(accepting().getHandshakesRefused()).isZero();
    }

    @Test
    void olderTls() throws Exception {
        try (SSLSocket socket = tls(TestMembers.material())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(readToEnd(socket)).contains("protocol_version");
        }
        assertRefused(Reason.TLS_FAILURE);
    }

    @Test
    void plainText() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Socket socket =
                    new Socket(InetAddress.getLoopbackAddress(), accepting().getBoundPort())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                readToEnd(socket);
            }
        }
        assertRefused(Reason.PLAIN_TEXT, "not TLS");
        Awaitility.await().until(() -> accepting().getLinesHeldBack() == 2);
    }

    @Test
    void memberInClear() throws Exception {
        ProbeResult result = probeBy(TestMembers.plain(), "healthy-2");
        assertRefused(Reason.PLAIN_TEXT, "not TLS");
        assertThat(result).isInstanceOf(ProbeResult.Rejected.class);
    }

    @Test
    void anotherCluster() throws Exception {
        TCP_NETTY other = secure();
        ProbeResult result = probeBy(other, "other");
        assertRefused(Reason.OTHER_CLUSTER, "'other'", "'healthy'");
        assertThat(result).isInstanceOfSatisfying(ProbeResult.Rejected.class, rejected -> assertThat(rejected.reason())
                .contains("OTHER_CLUSTER", "'healthy'"));
        other.sendUnicast(accepting().localPhysicalAddress(), new byte[100], 0, 100);
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(other))
                .anyMatch(line ->
                        line.startsWith("WARN no connection to " + accepting().getLocalPhysicalAddress())
                                && line.contains("OTHER_CLUSTER")));
    }

    @Test
    void garbageInsideOfTls() throws Exception {
        try (SSLSocket socket = tls(TestMembers.material())) {
            socket.getOutputStream().write(new byte[] {0, 0, 0x10, 1, 9, 9, 9});
            readToEnd(socket);
        }
        assertRefused(Reason.BAD_FRAME, "4097 bytes");
    }

    @Test
    void revokedCertificate() throws Exception {
        ProbeResult result = probeBy(with(revokedMaterial()), "revoked");
        assertRefused(Reason.REVOKED_CERTIFICATE);
        assertThat(result)
                .isInstanceOfSatisfying(
                        ProbeResult.Rejected.class, rejected -> assertTold(rejected.reason(), "certificate_revoked"));
    }

    @Test
    void certificateThatTheDiallingSideKnowsToBeRevoked() throws Exception {
        TCP_NETTY strict = with(Revocations.material(
                TestMembers.CA,
                Revocations.identity(TestMembers.CA),
                Revocations.list(TestMembers.CA, identity.certificate())));
        assertThat(probeBy(strict, "strict")).asString().contains("REVOKED_CERTIFICATE");
        assertRefused(Reason.REFUSED_BY_PEER);
    }

    @Test
    void certificateForClientsOnlyAtTheAcceptingSide() throws Exception {
        // A's peer finds it when it dials; a member must be both.
        CertificateSpec spec = TestMembers.spec("CN=node").withUsages(CertificateSpec.Usage.CLIENT);
        TCP_NETTY half = with(TestMembers.material(TestMembers.CA, spec));
        members.channel("X", half, new LOCAL_PING()).connect("half");
        ProbeResult result = accepting()
                .probe(half.localPhysicalAddress(), 60_000)
                .toCompletableFuture()
                .get(120, TimeUnit.SECONDS);
        assertThat(result).asString().contains("WRONG_USAGE");
        Awaitility.await().untilAsserted(() -> assertThat(
                        half.transportStats().refused(Reason.REFUSED_BY_PEER).sum())
                .isEqualTo(1));
    }

    @Test
    void handshakeThatIsCutShort() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), accepting().getBoundPort())) {
            // The head of a handshake record of 512 bytes, and a few of them.
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1});
        }
        Awaitility.await()
                .until(() ->
                        accepting().transportStats().refused(Reason.ABORTED).sum() == 1);
    }

    @Test
    void portCheckIsNotWorthAWarning() throws Exception {
        new Socket(InetAddress.getLoopbackAddress(), accepting().getBoundPort()).close();
        Awaitility.await()
                .until(() ->
                        accepting().transportStats().refused(Reason.ABORTED).sum() == 1);
        assertThat(LineLog.of(accepting())).noneMatch(line -> line.startsWith("WARN"));
    }

    @Test
    void tooManyPendingHandshakes() throws Exception {
        Socket[] idle = new Socket[5];
        try {
            for (int i = 0; i < idle.length; i++) {
                // From another host than the members'.
                idle[i] = new Socket(
                        InetAddress.getLoopbackAddress(),
                        accepting().getBoundPort(),
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 2}),
                        0);
                int opened = i;
                Awaitility.await().until(() -> opened >= 4 || accepting().getPendingHandshakes() == opened + 1);
            }
            assertRefused(Reason.TOO_MANY_PENDING, "4 of them from 127.0.0.2");
            // The oldest of the host that holds most.
            assertThat(idle[0].getInputStream().read()).isEqualTo(-1);
        } finally {
            for (Socket socket : idle) {
                if (socket != null) {
                    socket.close();
                }
            }
        }
        Awaitility.await().until(() -> accepting().getPendingHandshakes() == 0);
    }

    /** A reset may overtake the alert while the stranger is still writing: then it tries again. */
    private void assertTold(String alert, Callable<Socket> stranger) {
        Awaitility.await().untilAsserted(() -> {
            try (Socket socket = stranger.call()) {
                assertTold(readToEnd(socket), alert);
            }
        });
    }

    final TlsMaterial revokedMaterial() {
        return TlsMaterial.of(revoked, List.of(TestMembers.CA.certificate()));
    }

    /** A connection that offers no protocol by ALPN, as JGroups' TCP makes it. */
    final SSLSocket tls(TlsMaterial material) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new javax.net.ssl.KeyManager[] {material.keyManager()},
                new TrustManager[] {material.trustManager()},
                null);
        return (SSLSocket) context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), accepting().getBoundPort());
    }

    /** The message that the other end of the socket received: the alert in its exception, or nothing but the end. */
    static String readToEnd(Socket socket) {
        try {
            if (socket instanceof SSLSocket tls) {
                tls.startHandshake();
            }
            socket.getInputStream().readAllBytes();
            return "end of the stream";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
