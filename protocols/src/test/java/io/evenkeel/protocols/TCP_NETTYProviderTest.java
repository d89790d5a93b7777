package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.KeyType;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.SocketKeyManager;
import io.evenkeel.protocols.transport.TestMembers;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.protocols.LOCAL_PING;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose TLS runs, with which versions, ciphers, groups and keys; the natives of BoringSSL are there. */
@EnabledOnOs(OS.LINUX)
class TCP_NETTYProviderTest {
    /** Kept: a key of RSA takes a second of processor time to make. */
    private static final Map<KeyType, List<TlsMaterial>> MATERIAL = new EnumMap<>(KeyType.class);

    private final TestMembers members = new TestMembers();

    @AfterEach
    void close() {
        members.close();
    }

    private static TCP_NETTY with(String provider, TlsMaterial material) {
        TCP_NETTY transport = TestMembers.transport().setTlsMaterial(material);
        transport.tls_provider = provider;
        return transport;
    }

    /** BoringSSL takes no Ed25519: neither a member's key nor a CA's. */
    static Stream<Arguments> pairs() {
        return Stream.of("jdk", "openssl", "auto")
                .flatMap(a -> Stream.of("jdk", "openssl", "auto").flatMap(b -> Stream.of(KeyType.values())
                        .filter(key -> key != KeyType.ED25519 || !(a + b).contains("openssl"))
                        .map(key -> Arguments.of(a, b, key))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void membersOfEitherKindFormAView(String first, String second, KeyType key) throws Exception {
        List<TlsMaterial> both = MATERIAL.computeIfAbsent(key, TCP_NETTYProviderTest::materialOfTwo);
        JChannel a = members.join("A", "pair", with(first, both.get(0)));
        JChannel b = members.join("B", "pair", with(second, both.get(1)));
        TestMembers.awaitView(2, a, b);
        assertThat(TestMembers.of(a).getSecurityInUse()).startsWith("TLSv1.3 TLS_");
        assertThat(TestMembers.of(a).getTlsProviderInUse()).isEqualTo(inUse(first, key));
        assertThat(TestMembers.of(b).getTlsProviderInUse()).isEqualTo(inUse(second, key));
    }

    private static List<TlsMaterial> materialOfTwo(KeyType key) {
        CertificateAuthority ca = authority(key);
        return List.of(material(ca, key), material(ca, key));
    }

    private static CertificateAuthority authority(KeyType key) {
        Instant now = Instant.now();
        return CertificateAuthority.create(
                "CN=CA", key, now.minusSeconds(86_400), now.plusSeconds(86_400), new SecureRandom());
    }

    private static TlsMaterial material(CertificateAuthority ca, KeyType key) {
        return TlsMaterial.of(
                ca.issue(TestMembers.spec("CN=node"), key, new SecureRandom()), List.of(ca.certificate()));
    }

    private static int inUse(String provider, KeyType key) {
        return provider.equals("jdk") || key == KeyType.ED25519 ? 0 : 1;
    }

    /** The CA of one kind, and the members' keys of the two. */
    @ParameterizedTest
    @CsvSource({"ED25519,EC_P256,EC_P256", "ED25519,EC_P256,ED25519", "ED25519,ED25519,RSA_2048"})
    void anEd25519AuthorityHasAutoTakeTheJdksTls(KeyType authority, KeyType first, KeyType second) throws Exception {
        CertificateAuthority ca = authority(authority);
        JChannel a = members.join("A", "mixed", with("auto", material(ca, first)));
        JChannel b = members.join("B", "mixed", with("auto", material(ca, second)));
        TestMembers.awaitView(2, a, b);
        assertThat(LineLog.of(TestMembers.of(b)))
                .filteredOn(line -> line.startsWith("INFO listening on"))
                .singleElement()
                .asString()
                .contains("(JDK, as tls_provider=auto and BoringSSL takes EC and RSA keys only");
    }

    @ParameterizedTest
    @CsvSource({"ED25519,EC_P256,that of the trusted CA 'CN=CA' is EdDSA", "EC_P256,ED25519,this member's is EdDSA"})
    void ed25519IsRefusedAtTheStartWhereBoringSslWasAskedFor(KeyType authority, KeyType key, String words)
            throws Exception {
        JChannel channel = members.channel("A", with("openssl", material(authority(authority), key)), new LOCAL_PING());
        assertThatThrownBy(() -> channel.connect("refused"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "EVK0004: TCP_NETTY: tls_provider=openssl cannot run: BoringSSL takes EC and RSA keys only, "
                                + words + "; remove the obstacle, or set tls_provider=jdk");
    }

    /** The peers' keys are not known at the start: the member whose key is of the other kind says so. */
    @Test
    void aMemberWithAnEd25519KeySaysAtItsStartWhichPeersRefuseIt() throws Exception {
        TCP_NETTY odd = with("auto", material(authority(KeyType.EC_P256), KeyType.ED25519));
        TCP_NETTY usual = with("auto", material(authority(KeyType.EC_P256), KeyType.EC_P256));
        members.join("A", "odd", odd);
        members.join("B", "usual", usual);
        String told = "INFO this member's key is neither EC nor RSA, and peers whose TLS is BoringSSL refuse it; set"
                + " tls_provider=jdk on all members, or issue EC or RSA keys";
        assertThat(LineLog.of(odd)).containsOnlyOnce(told);
        assertThat(LineLog.of(usual)).doesNotContain(told);
    }

    @ParameterizedTest
    @CsvSource({"openssl,1", "jdk,0"})
    void aNewKeyThatTheRunningTlsCannotUseIsAnError(String provider, int errors) throws Exception {
        CertificateAuthority ca = authority(KeyType.EC_P256);
        TlsMaterial first = material(ca, KeyType.EC_P256);
        SocketKeyManager keys = new SocketKeyManager(first.keyManager());
        TCP_NETTY transport = with(provider, TlsMaterial.fromManagers(keys, first.trustManager()));
        transport.reload_interval = 20;
        members.join("A", "renewed", transport);

        keys.use(material(ca, KeyType.ED25519).keyManager());

        Awaitility.await().until(() -> transport.getReloadsOk() == 1);
        Awaitility.await().untilAsserted(() -> assertThat(LineLog.of(transport))
                .filteredOn(line -> line.startsWith("ERROR"))
                .hasSize(errors)
                .allMatch(line -> line.contains("this member's is EdDSA; put EC or RSA keys and CAs back")));
    }

    @ParameterizedTest
    @CsvSource({"auto,1,BoringSSL", "openssl,1,BoringSSL", "jdk,0,JDK"})
    void theLogSaysWhichOneRunsAndWhy(String provider, int code, String name) throws Exception {
        JChannel a = members.join("A", "log", with(provider, TestMembers.material()));
        assertThat(TestMembers.of(a).getTlsProviderInUse()).isEqualTo(code);
        assertThat(LineLog.of(TestMembers.of(a))).anySatisfy(line -> assertThat(line)
                .startsWith("INFO listening on")
                .contains("TLSv1.3 (" + name, "tls_provider=" + provider));
    }

    /** As {@code BouncyCastleFipsProvider} is there, by its name; it does nothing. */
    private static final class NamedFips extends Provider {
        private static final long serialVersionUID = 1L;

        NamedFips() {
            super("TestFIPS", "1", "only for this test");
        }
    }

    @Test
    void inFipsModeTheJdksTlsRunsAndBoringSslIsRefused() throws Exception {
        TCP_NETTY transport = with("auto", TestMembers.material()).setFipsMode(true);
        members.join("A", "fips", transport);

        assertThat(transport.getTlsProviderInUse()).isZero();
        assertThat(LineLog.of(transport)).anySatisfy(line -> assertThat(line)
                .startsWith("INFO listening on")
                .contains("tls_provider=auto and FIPS mode is on"));
        JChannel refused =
                members.channel("B", with("openssl", TestMembers.material()).setFipsMode(true), new LOCAL_PING());
        assertThatThrownBy(() -> refused.connect("fips"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "tls_provider=openssl cannot run: FIPS mode is on, and the BoringSSL here is no validated"
                                + " module; remove the obstacle, or set tls_provider=jdk");
    }

    @Test
    void aSecurityProviderWhoseNameSaysFipsTurnsFipsModeOn() throws Exception {
        Security.addProvider(new NamedFips());
        try {
            TCP_NETTY transport = with("auto", TestMembers.material());
            members.join("A", "provider", transport);

            assertThat(transport.getTlsProviderInUse()).isZero();
            assertThat(LineLog.of(transport)).anyMatch(line -> line.contains("the security provider TestFIPS puts"));
        } finally {
            Security.removeProvider("TestFIPS");
        }
    }

    @ParameterizedTest
    @CsvSource({"jdk", "openssl"})
    void membersShareOneSelfSignedCertificate(String provider) throws Exception {
        Identity shared = TestMembers.selfSigned();
        TlsMaterial material = TlsMaterial.of(shared, shared.chain());
        JChannel a = members.join("A", "shared", with(provider, material));
        JChannel b = members.join("B", "shared", with(provider, material));
        TestMembers.awaitView(2, a, b);
        assertThat(TestMembers.of(b).getSecurityInUse()).startsWith("TLSv1.3 TLS_");
    }

    @ParameterizedTest
    @CsvSource({"jdk", "openssl"})
    void aKeyManagerForSocketsOnlyIsAskedForEachConnection(String provider) throws Exception {
        TlsMaterial first = TestMembers.material(TestMembers.CA, TestMembers.CA, Duration.ofDays(1));
        SocketKeyManager keys = new SocketKeyManager(first.keyManager());
        TCP_NETTY transport = with(provider, TlsMaterial.fromManagers(keys, first.trustManager()));
        transport.reload_interval = 20;
        JChannel a = members.join("A", "sockets", transport);
        JChannel b = members.join("B", "sockets", with(provider, TestMembers.material()));
        TestMembers.awaitView(2, a, b);
        // A key that nobody trusts, so that the next handshake shows whether it was asked for.
        keys.use(TestMembers.material(TestMembers.OTHER_CA, TestMembers.CA, Duration.ofDays(1))
                .keyManager());
        Awaitility.await().until(() -> transport.getReloadsOk() == 1 && transport.getConnectsFailed() > 0);
        Awaitility.await()
                .until(() -> LineLog.of(transport).stream().anyMatch(line -> line.contains("REFUSED_BY_PEER")));
        // What could not be renewed goes on.
        assertThat(transport.getOpenConnections()).isEqualTo(1);
        TestMembers.awaitView(2, a, b);
        keys.use(TestMembers.material().keyManager());
        Awaitility.await().until(() -> transport.getReloadsOk() == 2 && transport.getReconnects() > 0);
        TestMembers.awaitView(2, a, b);
    }

    @ParameterizedTest
    @CsvSource({"jdk", "openssl"})
    void olderTlsOnRequest(String provider) throws Exception {
        TCP_NETTY both = with(provider, TestMembers.material());
        both.tls.protocols = "TLSv1.3, TLSv1.2";
        TCP_NETTY old = with(provider, TestMembers.material());
        old.tls.protocols = "TLSv1.2";
        JChannel a = members.join("A", "old", both);
        JChannel b = members.join("B", "old", old);
        TestMembers.awaitView(2, a, b);
        assertThat(both.getSecurityInUse()).startsWith("TLSv1.2 TLS_ECDHE_");
    }

    @Test
    void ciphersAreTheJdks() throws Exception {
        TCP_NETTY first = with("auto", TestMembers.material());
        first.tls.cipher_suites = "TLS_AES_256_GCM_SHA384";
        JChannel a = members.join("A", "ciphers", first);
        JChannel b = members.join("B", "ciphers", with("openssl", TestMembers.material()));
        TestMembers.awaitView(2, a, b);
        assertThat(first.getSecurityInUse()).isEqualTo("TLSv1.3 TLS_AES_256_GCM_SHA384");
        assertThat(first.getTlsProviderInUse()).isZero();
    }

    @Test
    void groupsAreBoringSsls() throws Exception {
        TCP_NETTY first = with("auto", TestMembers.material());
        first.tls_named_groups = "secp384r1";
        TCP_NETTY second = with("jdk", TestMembers.material());
        JChannel a = members.join("A", "groups", first);
        JChannel b = members.join("B", "groups", second);
        TestMembers.awaitView(2, a, b);
        TCP_NETTY other = with("openssl", TestMembers.material());
        other.tls_named_groups = "x25519";
        members.channel("C", other, new LOCAL_PING()).connect("other-groups");
        assertThat(other.probe(first.localPhysicalAddress(), 60_000)
                        .toCompletableFuture()
                        .get())
                .asString()
                .contains("Rejected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls_provider|native|must be auto, jdk or openssl",
                "tls_protocols|SSLv3|TLSv1.3, TLSv1.2, or both",
                "tls_ciphers|TLS_NULL|'TLS_NULL' is not among the ciphers",
                "tls_ciphers|TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256|has none for TLSv1.3"
            })
    void wrongValuesAreRefused(String property, String value, String words) throws Exception {
        TCP_NETTY transport = TestMembers.secure();
        transport.setValue(property, value);
        JChannel channel = members.channel("A", transport, new LOCAL_PING());
        assertThatThrownBy(() -> channel.connect("wrong")).hasStackTraceContaining(words);
    }

    @Test
    void whatTheProviderCannotDoIsRefused() throws Exception {
        TCP_NETTY ciphers = with("openssl", TestMembers.material());
        ciphers.tls.cipher_suites = "TLS_AES_256_GCM_SHA384";
        TCP_NETTY groups = with("jdk", TestMembers.material());
        groups.tls_named_groups = "x25519";
        for (TCP_NETTY transport : List.of(ciphers, groups)) {
            JChannel channel = members.channel("A", transport, new LOCAL_PING());
            assertThatThrownBy(() -> channel.connect("cannot")).hasStackTraceContaining("tls_provider=");
        }
    }
}
