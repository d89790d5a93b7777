package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.ForwardingTrustManager;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.RevocationServer;
import io.evenkeel.protocols.transport.Revocations;
import io.evenkeel.protocols.transport.SocketKeyManager;
import io.evenkeel.protocols.transport.TestMembers;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.TP;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Peers that were trusted when they joined and are not any more: their open connections end, with the reason on both
 * sides.
 */
class TCP_NETTYDistrustTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final char[] SECRET = "only-for-this-test".toCharArray();

    @TempDir
    Path dir;

    private final TestMembers members = new TestMembers();

    @AfterEach
    void close() {
        members.close();
    }

    /** Trust that changes under the transport, as lists of revoked certificates do. */
    private static final class ChangingTrust extends ForwardingTrustManager {
        private volatile X509ExtendedTrustManager current;
        private final AtomicInteger askedAgain = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();

        ChangingTrust(X509ExtendedTrustManager first) {
            current = first;
        }

        @Override
        protected X509ExtendedTrustManager delegate() {
            return current;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            count(() -> super.checkClientTrusted(chain, authType));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            count(() -> super.checkServerTrusted(chain, authType));
        }

        private interface Check {
            void run() throws CertificateException;
        }

        private void count(Check check) throws CertificateException {
            try {
                check.run();
                askedAgain.incrementAndGet();
            } catch (CertificateException e) {
                refused.incrementAndGet();
                throw e;
            }
        }
    }

    private static TCP_NETTY with(String provider, TlsMaterial material) {
        TCP_NETTY transport = TestMembers.transport().setTlsMaterial(material);
        transport.tls_provider = provider;
        transport.trust_check_interval = 200;
        return transport;
    }

    private static void awaitLine(JChannel channel, String... words) {
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(TestMembers.of(channel)))
                .filteredOn(line -> line.startsWith("WARN"))
                .anySatisfy(line -> assertThat(line).contains(words)));
    }

    @ParameterizedTest
    @CsvSource({"jdk, true", "openssl, true", "jdk, false", "openssl, false"})
    void aRevokedMemberIsCutOffAndExcluded(String provider, boolean coordinates) throws Exception {
        Identity revoked = Revocations.identity(TestMembers.CA);
        Identity good = Revocations.identity(TestMembers.CA);
        ChangingTrust trust = new ChangingTrust(Revocations.trust(TestMembers.CA, Revocations.list(TestMembers.CA)));
        TlsMaterial material = TlsMaterial.of(good, List.of(TestMembers.CA.certificate()));
        TCP_NETTY judging = with(provider, new TlsMaterial(material.keyManager(), trust));
        TCP_NETTY judged = with(provider, TlsMaterial.of(revoked, List.of(TestMembers.CA.certificate())));
        JChannel first = members.join("first", "distrust", coordinates ? judging : judged);
        JChannel second = members.join("second", "distrust", coordinates ? judged : judging);
        TestMembers.awaitView(2, first, second);
        Awaitility.await().until(() -> trust.askedAgain.get() > 1);
        assertThat(judging.getOpenConnections()).isEqualTo(1);

        trust.current = Revocations.trust(TestMembers.CA, Revocations.list(TestMembers.CA, revoked.certificate()));

        JChannel judge = coordinates ? first : second;
        JChannel peer = coordinates ? second : first;
        awaitLine(judge, "REVOKED_CERTIFICATE", "'CN=node'", "not trusted any more", judged.getLocalPhysicalAddress());
        awaitLine(peer, "REFUSED_BY_PEER, REVOKED_CERTIFICATE", judging.getLocalPhysicalAddress());
        TestMembers.awaitView(1, judge);
        Awaitility.await().until(() -> judging.getOpenConnections() == 0 && judged.getOpenConnections() == 0);
        assertThat(LineLog.of(judging)).noneMatch(line -> line.contains("INTERNAL_ERROR"));
    }

    /** A peer that is revoked between its TLS handshake and its HELLO, which may not keep others from being judged. */
    @Test
    void aRevokedPeerThatHasNotIntroducedItselfIsCutOff() throws Exception {
        Identity revoked = Revocations.identity(TestMembers.CA);
        ChangingTrust trust = new ChangingTrust(Revocations.trust(TestMembers.CA, Revocations.list(TestMembers.CA)));
        TCP_NETTY judging = with("auto", new TlsMaterial(TestMembers.material().keyManager(), trust));
        judging.handshake_timeout = 600_000;
        JChannel a = members.join("A", "silent", judging);
        TlsMaterial material = TlsMaterial.of(revoked, List.of(TestMembers.CA.certificate()));
        try (SSLSocket silent = (SSLSocket) TestMembers.context(material)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), judging.getBoundPort())) {
            TestMembers.offerOwnFraming(silent);
            silent.startHandshake();
            int judged = trust.askedAgain.get();
            Awaitility.await().until(() -> trust.askedAgain.get() > judged + 1);

            trust.current = Revocations.trust(TestMembers.CA, Revocations.list(TestMembers.CA, revoked.certificate()));

            awaitLine(a, "REVOKED_CERTIFICATE", "'CN=node'", "not trusted any more");
            Awaitility.await().until(() -> judging.getPendingHandshakes() == 0);
        }
    }

    private TCP_NETTY withFiles(String name) {
        TCP_NETTY transport = TestMembers.transport();
        transport.tls.keystore_type = "PEM";
        transport.tls.keystore_path = dir.resolve(name + ".crt").toString();
        transport.keystore_key_path = dir.resolve(name + ".key").toString();
        transport.tls.keystore_password = Secret.of(String.valueOf(SECRET));
        transport.tls.truststore_type = "PEM";
        transport.tls.truststore_path = dir.resolve(name + ".ca").toString();
        transport.reload_interval = 20;
        transport.reload_debounce = 100;
        transport.trust_check_interval = 500;
        return transport;
    }

    @Test
    void anAuthorityThatLeavesTheTrustStoreTakesItsMembersAlong() throws Exception {
        List<X509Certificate> both = List.of(TestMembers.CA.certificate(), TestMembers.OTHER_CA.certificate());
        for (String name : List.of("A", "B", "C")) {
            Identity identity = (name.equals("C") ? TestMembers.OTHER_CA : TestMembers.CA)
                    .issue(TestMembers.spec("CN=" + name), RANDOM);
            MaterialWriter.writePem(dir.resolve(name + ".key"), identity.key(), SECRET, RANDOM);
            MaterialWriter.writePem(dir.resolve(name + ".crt"), identity.chain());
            MaterialWriter.writePem(dir.resolve(name + ".ca"), both);
        }
        JChannel a = members.join("A", "distrust", withFiles("A"));
        JChannel b = members.join("B", "distrust", withFiles("B"));
        JChannel c = members.join("C", "distrust", withFiles("C"));
        TestMembers.awaitView(3, a, b, c);

        for (String name : List.of("A", "B")) {
            MaterialWriter.writePem(dir.resolve(name + ".ca"), List.of(TestMembers.CA.certificate()));
        }
        TestMembers.awaitView(2, a, b);
        assertThat(a.getView().getMembers()).containsExactly(a.getAddress(), b.getAddress());
        awaitLine(a, "UNTRUSTED_CERTIFICATE", "'CN=C'", "not trusted any more");
        awaitLine(c, "REFUSED_BY_PEER, UNTRUSTED_CERTIFICATE");
        assertThat(TestMembers.of(b).getSuspectsSent()).isZero();
    }

    /** Keys and trust of all members change within seconds, not at once. */
    @ParameterizedTest
    @CsvSource({"own, true", "stock, true", "stock, false"})
    void aMemberWhoseNewKeysComeAfterTheOthersNewTrustStays(String judged, boolean judgeFirst) throws Exception {
        List<X509Certificate> both = List.of(TestMembers.CA.certificate(), TestMembers.OTHER_CA.certificate());
        Identity identity = TestMembers.OTHER_CA.issue(TestMembers.spec("CN=A"), RANDOM);
        TlsMaterial material = TlsMaterial.of(identity, both);
        ChangingTrust trust = new ChangingTrust(material.trustManager());
        TCP_NETTY judging = with("auto", new TlsMaterial(material.keyManager(), trust));
        judging.setStockPeers("accept");
        // More than new keys need to be shown on a busy machine.
        judging.trust_check_interval = 15_000;

        TlsMaterial before = TlsMaterial.of(Revocations.identity(TestMembers.CA), both);
        SocketKeyManager keys = new SocketKeyManager(before.keyManager());
        TlsMaterial changing = TlsMaterial.fromManagers(keys, before.trustManager());
        TP other = judged.equals("stock") ? TestMembers.stock(changing) : quicklyReloading(changing);
        JChannel first = members.join("first", "late", judgeFirst ? judging : other);
        JChannel second = members.join("second", "late", judgeFirst ? other : judging);
        TestMembers.awaitView(2, first, second);
        List<View> views = new CopyOnWriteArrayList<>();
        (judgeFirst ? first : second).setReceiver(new Receiver() {
            @Override
            public void viewAccepted(View view) {
                views.add(view);
            }
        });

        trust.current = TlsMaterial.of(identity, List.of(TestMembers.OTHER_CA.certificate()))
                .trustManager();
        Awaitility.await().until(() -> trust.refused.get() > 0);
        keys.use(
                TlsMaterial.of(Revocations.identity(TestMembers.OTHER_CA), both).keyManager());
        int good = trust.askedAgain.get();
        // In the handshake of another connection, and when that is judged again.
        Awaitility.await().until(() -> trust.askedAgain.get() > good + 1);

        assertThat(views).isEmpty();
        assertThat(judging.getSuspectsSent()).isZero();
        Awaitility.await().until(() -> judging.getOpenConnections() == 1);
    }

    private static TCP_NETTY quicklyReloading(TlsMaterial material) {
        TCP_NETTY transport = with("auto", material);
        transport.reload_interval = 20;
        return transport;
    }

    private static TlsMaterial endingIn(Duration lifetime) {
        Instant now = Instant.now();
        CertificateSpec spec = CertificateSpec.node("CN=late", now.minus(Duration.ofHours(1)), now.plus(lifetime));
        return TestMembers.material(TestMembers.CA, spec);
    }

    /** Several times what a member needs to join another one here. */
    private Duration timeToJoin(String provider) throws Exception {
        JChannel a = members.join("A", "quick", with(provider, TestMembers.material()));
        // The first one loads classes.
        long fromNs = System.nanoTime();
        JChannel b = members.join("B", "quick", with(provider, TestMembers.material()));
        TestMembers.awaitView(2, a, b);
        b.close();
        a.close();
        return Duration.ofSeconds(2).plusNanos(3 * (System.nanoTime() - fromNs));
    }

    @ParameterizedTest
    @CsvSource({"jdk, 0", "openssl, 0", "auto, 600000"})
    void anExpiredCertificateIsGoodForItsGrace(String provider, long graceMs) throws Exception {
        Duration lifetime = timeToJoin(provider);
        TCP_NETTY judging = with(provider, TestMembers.material());
        judging.renewal_grace = graceMs;
        JChannel a = members.join("A", "expiry", judging);
        JChannel b = members.join("B", "expiry", with(provider, endingIn(lifetime)));
        TestMembers.awaitView(2, a, b);
        if (graceMs == 0) {
            awaitLine(a, "EXPIRED_CERTIFICATE", "'CN=late'", "not trusted any more");
            awaitLine(b, "REFUSED_BY_PEER, EXPIRED_CERTIFICATE");
            TestMembers.awaitView(1, a);
        } else {
            awaitLine(a, "'CN=late'", "expired on", "renewal_grace");
            assertThat(judging.getOpenConnections()).isEqualTo(1);
            TestMembers.awaitView(2, a, b);
            assertThat(LineLog.of(judging)).noneMatch(line -> line.contains("not trusted any more"));
        }
    }

    @Test
    void anOutageOfTheListsCutsNobodyOff() throws Exception {
        TlsMaterial material = TestMembers.material();
        ChangingTrust trust = new ChangingTrust(material.trustManager());
        TCP_NETTY judging = with("auto", new TlsMaterial(material.keyManager(), trust));
        JChannel a = members.join("A", "outage", judging);
        JChannel b = members.join("B", "outage", TestMembers.secure());
        TestMembers.awaitView(2, a, b);
        X509ExtendedTrustManager before = trust.current;
        trust.current = new ForwardingTrustManager() {
            @Override
            protected X509ExtendedTrustManager delegate() {
                return before;
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                throw new CertificateException(new CertPathValidatorException(
                        "no answer", null, null, -1, BasicReason.UNDETERMINED_REVOCATION_STATUS));
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                checkClientTrusted(chain, authType);
            }
        };
        awaitLine(a, "cannot tell whether its certificate 'CN=node'", "was revoked: no answer", "its connection stays");
        assertThat(judging.getOpenConnections()).isEqualTo(1);

        trust.current = new ForwardingTrustManager() {
            @Override
            protected X509ExtendedTrustManager delegate() {
                throw new UnsupportedOperationException("in handshakes only");
            }
        };
        awaitLine(a, "cannot judge its certificate again", "in handshakes only");
        assertThat(judging.getOpenConnections()).isEqualTo(1);
        TestMembers.awaitView(2, a, b);
    }

    private static TCP_NETTY softly(RevocationServer server, Identity identity) throws Exception {
        TlsMaterial material = TlsMaterial.of(identity, List.of(TestMembers.CA.certificate()));
        return with(
                "auto",
                new TlsMaterial(material.keyManager(), Revocations.softTrust(TestMembers.CA, server.responder())));
    }

    /** PKIXRevocationChecker.Option.SOFT_FAIL of an injected trust manager. */
    @Test
    void softFailLetsNewcomersInWhileTheResponderIsDownAndKeepsTheRevokedOutOtherwise() throws Exception {
        try (RevocationServer server = new RevocationServer(TestMembers.CA)) {
            Identity revoked = Revocations.identity(TestMembers.CA);
            TCP_NETTY judging = softly(server, Revocations.identity(TestMembers.CA));
            TCP_NETTY judged = softly(server, revoked);
            JChannel a = members.join("A", "soft", judging);
            JChannel b = members.join("B", "soft", judged);
            TestMembers.awaitView(2, a, b);
            server.revoke(revoked.certificate());
            awaitLine(a, "REVOKED_CERTIFICATE", "not trusted any more");
            awaitLine(b, "REFUSED_BY_PEER, REVOKED_CERTIFICATE");
            TestMembers.awaitView(1, a);
            b.close();

            server.stop();
            JChannel c = members.join("C", "soft", softly(server, Revocations.identity(TestMembers.CA)));
            TestMembers.awaitView(2, a, c);
            Awaitility.await().during(Duration.ofSeconds(1)).until(() -> judging.getOpenConnections() == 1);
            TestMembers.awaitView(2, a, c);
            assertThat(LineLog.of(judging)).noneMatch(line -> line.contains("cannot tell"));
        }
    }
}
