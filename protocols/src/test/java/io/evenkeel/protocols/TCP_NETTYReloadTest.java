package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.protocols.LOCAL_PING;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and trust in PEM files that change while a cluster of two talks. */
class TCP_NETTYReloadTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SECRET = "only-for-this-test";

    @TempDir
    Path dir;

    private final CertificateAuthority oldCa = TestMembers.CA;
    private final CertificateAuthority newCa = TestMembers.OTHER_CA;
    private final TestMembers members = new TestMembers();
    private final AtomicInteger received = new AtomicInteger();
    private int sent;
    private String provider = "auto";

    @AfterEach
    void close() {
        members.close();
    }

    private void writeKeys(String name, CertificateAuthority issuer, Duration validFor) throws Exception {
        Instant now = Instant.now();
        Identity identity = issuer.issue(
                CertificateSpec.node("CN=" + name, now.minus(Duration.ofHours(2)), now.plus(validFor)), RANDOM);
        MaterialWriter.writePem(dir.resolve(name + ".key"), identity.key(), SECRET.toCharArray(), RANDOM);
        MaterialWriter.writePem(dir.resolve(name + ".crt"), identity.chain());
    }

    private void writeTrust(String name, CertificateAuthority... trusted) throws Exception {
        List<X509Certificate> certificates =
                Stream.of(trusted).map(CertificateAuthority::certificate).toList();
        MaterialWriter.writePem(dir.resolve(name + ".ca"), certificates);
    }

    private TCP_NETTY withFiles(String name) {
        TCP_NETTY transport = TestMembers.transport();
        transport.tls.keystore_type = "PEM";
        transport.tls.keystore_path = dir.resolve(name + ".crt").toString();
        transport.keystore_key_path = dir.resolve(name + ".key").toString();
        transport.tls.keystore_password = Secret.of(SECRET);
        transport.tls.truststore_type = "PEM";
        transport.tls.truststore_path = dir.resolve(name + ".ca").toString();
        transport.tls_provider = provider;
        transport.reload_interval = 20;
        transport.reload_debounce = 300;
        return transport;
    }

    private JChannel join(String name) throws Exception {
        JChannel channel = members.channel(name, withFiles(name), new LOCAL_PING());
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                received.incrementAndGet();
            }
        });
        return channel.connect("reload");
    }

    private void talk(JChannel... channels) throws Exception {
        for (JChannel from : channels) {
            for (JChannel to : channels) {
                from.send(new ObjectMessage(to.getAddress(), "hello"));
                sent++;
            }
        }
    }

    private static void awaitReloads(int count, JChannel... channels) {
        for (JChannel channel : channels) {
            Awaitility.await()
                    .until(() -> TestMembers.of(channel).getReloadsOk() == count
                            && TestMembers.of(channel).getOpenConnections() == 1);
        }
    }

    private ProbeResult probeWith(CertificateAuthority authority, JChannel member) throws Exception {
        TCP_NETTY stranger =
                TestMembers.transport().setTlsMaterial(TestMembers.material(authority, newCa, Duration.ofDays(1)));
        members.channel("X", stranger, new LOCAL_PING()).connect(authority == newCa ? "new" : "old");
        return stranger.probe(TestMembers.of(member).localPhysicalAddress(), 60_000)
                .toCompletableFuture()
                .get(120, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    void anAuthorityIsExchangedUnderARunningCluster(String tls) throws Exception {
        provider = tls;
        for (String name : List.of("A", "B")) {
            writeKeys(name, oldCa, Duration.ofDays(1));
            writeTrust(name, oldCa);
        }
        JChannel a = join("A");
        JChannel b = join("B");
        TestMembers.awaitView(2, a, b);
        talk(a, b);

        for (String name : List.of("A", "B")) {
            writeTrust(name, oldCa, newCa);
        }
        awaitReloads(1, a, b);
        talk(a, b);
        for (String name : List.of("A", "B")) {
            writeKeys(name, newCa, Duration.ofDays(2).minusHours(1));
            talk(a, b);
        }
        awaitReloads(2, a, b);
        talk(a, b);
        for (String name : List.of("A", "B")) {
            writeTrust(name, newCa);
        }
        awaitReloads(3, a, b);
        talk(a, b);

        Awaitility.await().until(() -> received.get() == sent);
        for (JChannel member : List.of(a, b)) {
            assertThat(member.getView().size()).isEqualTo(2);
            assertThat(member.getView().getViewId().getId()).isEqualTo(1);
            TCP_NETTY transport = TestMembers.of(member);
            assertThat(transport.getSuspectsSent()).isZero();
            assertThat(transport.getReconnects()).isPositive();
            assertThat(Instant.ofEpochSecond(transport.getCertificateNotAfterEpochS()))
                    .isAfter(Instant.now().plus(Duration.ofDays(1)));
            assertThat(transport.getCertificateRemainingMs()).isBetween(86_400e3, 2 * 86_400e3);
            // A renewal that met the other side's is tried again later.
            Awaitility.await().untilAsserted(() -> assertThat(transport.getPeerCertificateRemainingMs())
                    .isBetween(86_400e3, 2 * 86_400e3));
        }
        // Who passes TLS is told that the cluster has another name.
        assertThat(probeWith(newCa, a)).asString().contains("OTHER_CLUSTER");
        assertThat(probeWith(oldCa, a))
                .asString()
                .containsIgnoringCase("Rejected")
                .containsIgnoringCase("alert");
    }

    @Test
    void aBadFileChangesNothingAndIsToldOnce() throws Exception {
        for (String name : List.of("A", "B")) {
            writeKeys(name, oldCa, Duration.ofDays(1));
            writeTrust(name, oldCa);
        }
        JChannel a = join("A");
        JChannel b = join("B");
        TestMembers.awaitView(2, a, b);
        String good = Files.readString(dir.resolve("A.crt"));
        Files.writeString(dir.resolve("A.crt"), good.substring(0, good.length() / 2));
        TCP_NETTY transport = TestMembers.of(a);
        Awaitility.await().until(() -> transport.getReloadsFailed() == 1);
        talk(a, b);
        Awaitility.await().until(() -> received.get() == sent);
        assertThat(LineLog.of(transport))
                .filteredOn(line -> line.startsWith("WARN"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains("A.crt", "last good").doesNotContain(SECRET));
        assertThat(transport.getReconnects()).isZero();

        writeKeys("C", oldCa, Duration.ofDays(1));
        writeTrust("C", oldCa);
        JChannel c = join("C");
        TestMembers.awaitView(3, a, b, c);

        writeKeys("A", oldCa, Duration.ofDays(1));
        Awaitility.await().until(() -> transport.getReloadsOk() == 1);
        TestMembers.awaitView(3, a, b, c);
    }
}
