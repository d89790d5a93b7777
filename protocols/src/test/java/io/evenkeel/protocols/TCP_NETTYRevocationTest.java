package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.RevocationServer;
import io.evenkeel.protocols.transport.Revocations;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jgroups.JChannel;
import org.jgroups.protocols.LOCAL_PING;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JDK fetches the list that a certificate points to, or asks the responder; runs where the JVM was started with
 * that check. Intervals are those that members have by default.
 */
@EnabledIfSystemProperty(named = "com.sun.net.ssl.checkRevocation", matches = "true")
class TCP_NETTYRevocationTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    void whoeverIsOnTheListIsRefused(String provider) throws Exception {
        Path list = dir.resolve("revoked.crl");
        Identity good = Revocations.pointingTo(TestMembers.CA, list.toUri());
        Identity other = Revocations.pointingTo(TestMembers.CA, list.toUri());
        Identity revoked = Revocations.pointingTo(TestMembers.CA, list.toUri());
        Files.write(
                list, Revocations.list(TestMembers.CA, revoked.certificate()).getEncoded());
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "revocation", with(provider, good));
            JChannel b = members.join("B", "revocation", with(provider, other));
            TestMembers.awaitView(2, a, b);
            TCP_NETTY stranger = with(provider, revoked);
            members.channel("X", stranger, new LOCAL_PING()).connect("stranger");
            ProbeResult result = stranger.probe(TestMembers.of(a).localPhysicalAddress(), 60_000)
                    .toCompletableFuture()
                    .get(120, TimeUnit.SECONDS);
            assertThat(result)
                    .isInstanceOf(ProbeResult.Rejected.class)
                    .asString()
                    .contains("REFUSED_BY_PEER");
            // The peer reads the alert before this end has counted.
            TCP_NETTY refusing = TestMembers.of(a);
            await().untilAsserted(() -> assertThat(refusing.transportStats()
                            .refused(Reason.REVOKED_CERTIFICATE)
                            .sum())
                    .isEqualTo(1));
            await().untilAsserted(() -> assertThat(LineLog.of(refusing))
                    .anyMatch(line -> line.startsWith("WARN refused 127.0.0.1: REVOKED_CERTIFICATE")));
        }
    }

    private static void awaitLine(TCP_NETTY transport, String... words) {
        await().atMost(2, TimeUnit.MINUTES).untilAsserted(() -> assertThat(LineLog.of(transport))
                .filteredOn(line -> line.startsWith("WARN"))
                .anySatisfy(line -> assertThat(line).contains(words)));
    }

    private static Identity identity(RevocationServer server, boolean ocsp) throws Exception {
        return ocsp
                ? Revocations.askingAt(TestMembers.CA, server.responder())
                : Revocations.pointingTo(TestMembers.CA, server.list());
    }

    @ParameterizedTest
    @CsvSource({"openssl, true", "jdk, true", "openssl, false"})
    void theOpenConnectionOfARevokedMemberEnds(String provider, boolean ocsp) throws Exception {
        Security.setProperty("ocsp.enable", String.valueOf(ocsp));
        try (RevocationServer server = new RevocationServer(TestMembers.CA);
                TestMembers members = new TestMembers()) {
            Identity revoked = identity(server, ocsp);
            TCP_NETTY judging = with(provider, identity(server, ocsp));
            TCP_NETTY judged = with(provider, revoked);
            JChannel a = members.join("A", "revocation", judging);
            JChannel b = members.join("B", "revocation", judged);
            TestMembers.awaitView(2, a, b);
            assertThat(server.answers()).isPositive();
            // A member whose address is not proven yet is left to FD_ALL3, which is slow here.
            await().until(() -> judging.getLivenessConnections() > 0 && judged.getLivenessConnections() > 0);

            long revokedNs = System.nanoTime();
            server.revoke(revoked.certificate());
            awaitLine(judging, "REVOKED_CERTIFICATE", "'CN=node'", "not trusted any more");
            System.out.printf(
                    "TCP_NETTYRevocationTest: %s, %s: cut off %d s after the revocation%n",
                    ocsp ? "OCSP" : "list", provider, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - revokedNs));
            awaitLine(judged, "REFUSED_BY_PEER, REVOKED_CERTIFICATE");
            TestMembers.awaitView(1, a);
            await().until(() -> judging.getOpenConnections() == 0 && judged.getOpenConnections() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"openssl, true", "openssl, false"})
    void aResponderThatIsDownCutsNobodyOffAndLetsNobodyIn(String provider, boolean ocsp) throws Exception {
        Security.setProperty("ocsp.enable", String.valueOf(ocsp));
        try (RevocationServer server = new RevocationServer(TestMembers.CA);
                TestMembers members = new TestMembers()) {
            TCP_NETTY first = with(provider, identity(server, ocsp));
            TCP_NETTY second = with(provider, identity(server, ocsp));
            TCP_NETTY late = with(provider, identity(server, ocsp));
            JChannel a = members.join("A", "outage", first);
            JChannel b = members.join("B", "outage", second);
            TestMembers.awaitView(2, a, b);

            server.stop();
            awaitLine(first, "cannot tell whether its certificate 'CN=node'", "was revoked", "its connection stays");
            awaitLine(second, "cannot tell whether its certificate 'CN=node'", "was revoked", "its connection stays");
            members.channel("C", late, new LOCAL_PING()).connect("alone");
            assertThat(late.probe(first.localPhysicalAddress(), 60_000)
                            .toCompletableFuture()
                            .get(120, TimeUnit.SECONDS))
                    .isInstanceOf(ProbeResult.Rejected.class);
            TestMembers.awaitView(2, a, b);
            assertThat(first.getReconnects() + second.getReconnects()).isZero();
        }
    }

    private static TCP_NETTY with(String provider, Identity identity) {
        TCP_NETTY transport =
                TestMembers.transport().setTlsMaterial(TlsMaterial.of(identity, List.of(TestMembers.CA.certificate())));
        transport.tls_provider = provider;
        return transport;
    }
}
