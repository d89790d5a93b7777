package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.MaterialWriter;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.net.ssl.SSLContext;
import org.jgroups.JChannel;
import org.jgroups.jmx.ResourceDMBean;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.SubmitToThreadPool;
import org.jgroups.util.ThreadPool;
import org.jgroups.util.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A start is either secure, or plain because that was asked for by name, or it fails with one line. */
class TCP_NETTYStartTest {
    private static final String SECRET = "only-for-this-test";

    @TempDir
    Path dir;

    private Path keys;
    private Path trust;

    @BeforeEach
    void writeStores() throws Exception {
        keys = dir.resolve("keys.p12");
        trust = dir.resolve("trust.p12");
        writeKeys(Duration.ofDays(1));
        MaterialWriter.writeTrustStore(store(trust), List.of(TestMembers.CA.certificate()));
    }

    private void writeKeys(Duration validFor) throws Exception {
        Instant now = Instant.now();
        CertificateSpec spec = CertificateSpec.node("CN=a", now.minus(Duration.ofHours(2)), now.plus(validFor));
        MaterialWriter.writeKeyStore(store(keys), TestMembers.CA.issue(spec, new SecureRandom()));
    }

    private static StoreFile store(Path path) {
        return new StoreFile(path, "PKCS12", SECRET.toCharArray());
    }

    private TCP_NETTY withStores() {
        TCP_NETTY transport = TestMembers.transport();
        transport.tls.keystore_path = keys.toString();
        transport.tls.keystore_password = Secret.of(SECRET);
        transport.tls.truststore_path = trust.toString();
        transport.tls.truststore_password = Secret.of(SECRET);
        return transport;
    }

    private static void assertRefused(TCP_NETTY transport, String... parts) throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel channel = members.channel("A", transport, new org.jgroups.protocols.LOCAL_PING());
            assertThatThrownBy(() -> channel.connect("start")).satisfies(thrown -> {
                String all = Stream.iterate((Throwable) thrown, t -> t != null, Throwable::getCause)
                        .map(Throwable::getMessage)
                        .filter(message -> message != null && Stream.of(parts).allMatch(message::contains))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no cause says " + List.of(parts), thrown));
                assertThat(all).doesNotContain("\n").doesNotContain(SECRET);
            });
            assertThat(transport.getLocalPhysicalAddress()).isNull();
        }
    }

    @Test
    void keystoresGiveTls() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "stores", withStores());
            JChannel b = members.join("B", "stores", withStores());
            TestMembers.awaitView(2, a, b);
            assertThat(TestMembers.of(a).getSecurityInUse()).startsWith("TLSv1.3");
            assertThat(LineLog.of(TestMembers.of(a)))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("INFO listening on 127.0.0.1:")
                            .contains(TestMembers.of(a).getEventLoopKind(), "TLSv1.3"))
                    .noneSatisfy(line -> assertThat(line).startsWith("WARN"))
                    .noneSatisfy(line -> assertThat(line).contains(SECRET));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls.", ""})
    void attributesInXmlAreReadAndSecretsStayHidden(String prefix) throws Exception {
        String xml =
                """
                <config>
                  <%s bind_addr="127.0.0.1" bind_port="0" sock_conn_timeout="300ms" send_buf_size="640k"
                    PREkeystore_path="%s" PREkeystore_password="%s"
                    PREtruststore_path="%s" PREtruststore_password="%s"/>
                  <LOCAL_PING/><pbcast.NAKACK2/><UNICAST3/><pbcast.STABLE/><pbcast.GMS/>
                </config>
                """
                        .replace("PRE", prefix)
                        .formatted(TCP_NETTY.class.getName(), keys, SECRET, trust, SECRET);
        try (JChannel channel = LineLog.recordingAll(
                () -> new JChannel(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))))) {
            channel.connect("xml");
            TCP_NETTY transport = TestMembers.of(channel);
            assertThat(transport.getCertificateNotAfterEpochS()).isPositive();
            assertThat(transport.sock_conn_timeout).isEqualTo(300);
            assertThat(channel.getProtocolStack().printProtocolSpec(true)
                            + channel.getProtocolStack().printProtocolSpecAsXML()
                            + channel.getProtocolStack().dumpStats()
                            + Arrays.toString(
                                    new ResourceDMBean(transport).getMBeanInfo().getAttributes()))
                    .contains("keystore_path")
                    .doesNotContain(SECRET);
            String renamed = "WARN attributes with names of former versions: keystore_password is"
                    + " tls.keystore_password, keystore_path is tls.keystore_path, truststore_password is"
                    + " tls.truststore_password, truststore_path is tls.truststore_path; rename them";
            assertThat(LineLog.of(transport).contains(renamed)).isEqualTo(prefix.isEmpty());
        }
    }

    @Test
    void anAttributeWithBothItsNamesIsRefused() throws Exception {
        TCP_NETTY transport = withStores();
        transport.setValue("truststore_path", trust.toString());
        assertRefused(
                transport,
                "truststore_path is the former name of tls.truststore_path, and both are set; remove truststore_path");
    }

    @Test
    void noMaterialIsRefused() throws Exception {
        assertRefused(TestMembers.transport(), "there are no keys for TLS", "keystore_path", "encryption=\"none\"");
    }

    @Test
    void keysWithoutTrustAreRefused() throws Exception {
        TCP_NETTY transport = withStores();
        transport.tls.truststore_path = null;
        assertRefused(transport, "truststore_path is missing", "encryption=\"none\"");
    }

    @Test
    void plainWarnsAtEveryStart() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "plain", TestMembers.plain());
            JChannel b = members.join("B", "plain", TestMembers.plain());
            TestMembers.awaitView(2, a, b);
            assertThat(TestMembers.of(a).getSecurityInUse()).isEqualTo("in clear");
            a.disconnect();
            a.connect("plain");
            assertThat(LineLog.of(TestMembers.of(a)))
                    .filteredOn(line -> line.startsWith("WARN encryption=none"))
                    .hasSize(2);
        }
    }

    @Test
    void plainWithKeysIsRefused() throws Exception {
        TCP_NETTY transport = TestMembers.plain();
        transport.tls.truststore_password = Secret.of(SECRET);
        assertRefused(transport, "encryption=none, but keystore or truststore attributes are set");
        assertRefused(TestMembers.plain().setTlsMaterial(TestMembers.material()), "the injected TlsMaterial");
    }

    @Test
    void tlsSocketFactoryAloneIsRefused() throws Exception {
        TCP_NETTY tls = TestMembers.transport();
        tls.setSocketFactory(new DefaultSocketFactory(SSLContext.getDefault()));
        assertRefused(tls, "TLS socket factory", "setTlsMaterial".substring(3));
        TCP_NETTY plain = TestMembers.plain();
        plain.setSocketFactory(new DefaultSocketFactory(SSLContext.getDefault()));
        assertRefused(plain, "encryption=none, but a TLS socket factory is set");
    }

    @Test
    void attributesWinOverWhatIsInjected() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY managers = withStores()
                    .setTlsMaterial(
                            TestMembers.material(TestMembers.OTHER_CA, TestMembers.OTHER_CA, Duration.ofDays(1)));
            TCP_NETTY files =
                    withStores().setTlsFiles(store(dir.resolve("absent.p12")), store(dir.resolve("none.p12")));
            JChannel a = members.join("A", "attributes", managers);
            JChannel b = members.join("B", "attributes", files);
            // Members whose certificates come from OTHER_CA would refuse each other, and absent files the start.
            TestMembers.awaitView(2, a, b);
            for (TCP_NETTY transport : List.of(managers, files)) {
                assertThat(LineLog.of(transport))
                        .filteredOn(line -> line.contains("not from"))
                        .singleElement()
                        .asString()
                        .startsWith("INFO keys and trust come from the stack's attributes, PKCS12 " + keys);
            }
        }
    }

    @Test
    void injectedFilesAreReadAndNamedByWhatConfiguredThem() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY injected = TestMembers.transport().setTlsFiles(store(keys), store(trust));
            JChannel a = members.join("A", "files", injected);
            JChannel b = members.join("B", "files", withStores());
            TestMembers.awaitView(2, a, b);
        }
        StoreFile wrong = new StoreFile(keys, "PKCS12", "wrong".toCharArray()).configuredBy("--some-option");
        assertRefused(
                TestMembers.transport().setTlsFiles(wrong, store(trust)),
                "key store " + keys + " (--some-option): its password is wrong");
        assertRefused(
                TestMembers.plain().setTlsFiles(store(keys), store(trust)),
                "encryption=none, but keys and trust were given, the files " + keys);
    }

    @Test
    void attributesThatNameHalfOfTheStoresAreRefusedBesideWhatIsInjected() throws Exception {
        TCP_NETTY trustOnly = TestMembers.secure();
        trustOnly.tls.truststore_path = trust.toString();
        assertRefused(trustOnly, "keystore_path is missing beside", "to use the injected TlsMaterial");
        TCP_NETTY keysOnly = TestMembers.secure();
        keysOnly.tls.keystore_path = keys.toString();
        assertRefused(keysOnly, "truststore_path is missing beside", "to use the injected TlsMaterial");
        TCP_NETTY typeOnly = TestMembers.secure();
        typeOnly.tls.keystore_type = "PEM";
        assertRefused(typeOnly, "keystore_path is missing beside", "to use the injected TlsMaterial");
        TCP_NETTY passwordOnly = TestMembers.transport();
        passwordOnly.tls.truststore_password = Secret.of(SECRET);
        assertRefused(passwordOnly, "keystore_path is missing beside", "encryption=\"none\"");
    }

    @Test
    void plainJavaSetsEveryAttributeAndReadsNoSecret() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY bySetters = TestMembers.transport()
                    .setKeystoreType("PKCS12")
                    .setKeystorePath(keys.toString())
                    .setKeystorePassword(SECRET)
                    .setTruststoreType("PKCS12")
                    .setTruststorePath(trust.toString())
                    .setTruststorePassword(SECRET)
                    .setAuthorizedPeers("dn:CN=a")
                    .bindIdentityToAddress(false);
            TCP_NETTY byValues = TestMembers.transport();
            byValues.setValue("keystore_path", keys.toString());
            byValues.setValue("keystore_password", SECRET);
            byValues.setValue("truststore_path", trust.toString());
            byValues.setValue("truststore_password", SECRET);
            byValues.setValue("reload_interval", 4000);
            JChannel a = members.join("A", "setters", bySetters);
            JChannel b = members.join("B", "setters", byValues);
            TestMembers.awaitView(2, a, b);
            for (JChannel channel : List.of(a, b)) {
                TCP_NETTY transport = TestMembers.of(channel);
                ResourceDMBean bean = new ResourceDMBean(transport);
                assertThat(channel.getProtocolStack().printProtocolSpec(true)
                                + channel.getProtocolStack().printProtocolSpecAsXML()
                                + channel.getProtocolStack().dumpStats()
                                + Arrays.toString(bean.getMBeanInfo().getAttributes())
                                + transport.getValue("keystore_password")
                                + transport.getValue("truststore_password")
                                + transport.tls.keystore_password
                                + transport.tls.truststore_password)
                        .contains("(hidden)")
                        .doesNotContain(SECRET);
                assertThat(bean.getMBeanInfo().getAttributes())
                        .extracting(MBeanAttributeInfo::getName)
                        .contains("keystore_path")
                        .doesNotContain("keystore_password", "truststore_password");
                assertThat(LineLog.of(transport)).noneMatch(line -> line.contains(SECRET));
            }
        }
    }

    @Test
    void aPrivateKeyInPemIsOpenedByTheKeystorePassword() throws Exception {
        SecureRandom random = new SecureRandom();
        Identity identity = TestMembers.CA.issue(TestMembers.spec("CN=pem"), random);
        MaterialWriter.writePem(dir.resolve("tls.crt"), identity.chain());
        MaterialWriter.writePem(dir.resolve("tls.key"), identity.key(), SECRET.toCharArray(), random);
        MaterialWriter.writePem(dir.resolve("ca.crt"), List.of(TestMembers.CA.certificate()));
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join(
                    "A",
                    "pem",
                    TestMembers.transport()
                            .setKeystoreType("PEM")
                            .setKeystorePath(dir.resolve("tls.crt").toString())
                            .setKeystoreKeyPath(dir.resolve("tls.key").toString())
                            .setKeystorePassword(SECRET)
                            .setTruststoreType("PEM")
                            .setTruststorePath(dir.resolve("ca.crt").toString()));
            JChannel b = members.join("B", "pem", withStores());
            TestMembers.awaitView(2, a, b);
        }
    }

    @Test
    void unusableStoresAreRefused() throws Exception {
        TCP_NETTY wrongPassword = withStores();
        wrongPassword.tls.keystore_password = Secret.of("wrong");
        assertRefused(wrongPassword, keys.toString(), "password");
        TCP_NETTY missing = withStores();
        missing.tls.truststore_path = dir.resolve("absent.p12").toString();
        assertRefused(missing, "absent.p12");
        writeKeys(Duration.ofHours(-1));
        assertRefused(withStores(), keys.toString(), "expired");
    }

    @Test
    void expiredInjectedCertificateIsRefused() throws Exception {
        TCP_NETTY transport = TestMembers.transport()
                .setTlsMaterial(TestMembers.material(TestMembers.CA, TestMembers.CA, Duration.ofHours(-1)));
        assertRefused(transport, "this member's certificate expired on", "renew it");
    }

    @Test
    void damagedStoreIsRefused() throws Exception {
        Files.writeString(keys, "not a key store");
        assertRefused(withStores(), keys.toString());
    }

    @Test
    void takenPortsAreNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TCP_NETTY transport = TestMembers.secure();
            transport.setBindPort(taken.getLocalPort());
            transport.setPortRange(0);
            assertRefused(
                    transport, "cannot listen on 127.0.0.1 port " + taken.getLocalPort(), "bind_port or port_range");
        }
    }

    @Test
    void portRangeSkipsTakenPorts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestMembers members = new TestMembers()) {
            TCP_NETTY transport = TestMembers.secure();
            transport.setBindPort(taken.getLocalPort());
            transport.setPortRange(50);
            members.join("A", "range", transport);
            assertThat(transport.getLocalPhysicalAddress()).isNotEqualTo("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "max_frame_size,65535,65536",
        "handshake_timeout,0,1",
        "max_pending_handshakes,0,1",
        "sock_conn_timeout,0,1",
        "min_refusal_time,-1,0",
        "min_refusal_time,60001,60000",
        "event_loop_threads,1025,1024"
    })
    void valuesOutOfRangeAreRefused(String property, int value, int limit) throws Exception {
        TCP_NETTY transport = TestMembers.secure();
        transport.setValue(property, value);
        assertRefused(transport, property + "=" + value, String.valueOf(limit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "all-direct", "org.jgroups.util.PassRegularMessagesUpDirectly"})
    void receiversOnEventLoopsAreRefused(String policy) throws Exception {
        TCP_NETTY transport = TestMembers.secure();
        transport.setValue("message_processing_policy", policy);
        assertRefused(transport, "message_processing_policy=Pass", "event loops", "submit");
    }

    @Test
    void threadPoolsThatUseTheEventLoopsAreRefused() throws Exception {
        TCP_NETTY disabled = TestMembers.secure();
        Util.setField(Util.getField(ThreadPool.class, "enabled"), disabled.getThreadPool(), false);
        assertRefused(disabled, "thread_pool.enabled=false", "event loops", "remove it");
        TCP_NETTY callerRuns = TestMembers.secure();
        // A pool of virtual threads rejects nothing.
        callerRuns.useVirtualThreads(false);
        callerRuns.getThreadPool().setRejectionPolicy("run");
        assertRefused(callerRuns, "thread_pool.rejection_policy=run", "event loops", "abort");
    }

    @ParameterizedTest
    @ValueSource(strings = {"discard", "discardoldest"})
    void threadPoolsThatDropTasksWithoutAWordAreRefused(String policy) throws Exception {
        TCP_NETTY transport = TestMembers.secure();
        transport.useVirtualThreads(false);
        transport.getThreadPool().setRejectionPolicy(policy);
        assertRefused(transport, "thread_pool.rejection_policy=" + policy, "stop the delivery", "abort");
    }

    @Test
    void policiesThatUseTheEventLoopsAreRefusedAtRunTimeToo() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY transport = TestMembers.secure();
            members.join("A", "policy", transport);
            assertThatThrownBy(() -> transport.setMessageProcessingPolicy("direct"))
                    .hasMessageContaining("event loops");
            assertThat(transport.getMessageProcessingPolicy()).isInstanceOf(MaxOneThreadPerSender.class);
            transport.setMessageProcessingPolicy("submit");
            assertThat(transport.getMessageProcessingPolicy()).isInstanceOf(SubmitToThreadPool.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tls_provider,auto",
        "tls_protocols,TLSv1.3",
        "tls_ciphers,TLS_AES_128_GCM_SHA256",
        "tls_named_groups,x25519",
        "keystore_type,PKCS12",
        "truststore_type,PKCS12",
        "authorized_peers,dns:*"
    })
    void plainTextBesideAnyTlsAttributeIsRefused(String property, String value) throws Exception {
        TCP_NETTY transport = TestMembers.plain();
        transport.setValue(property, value);
        assertRefused(transport, "encryption=none, but " + property + " is set");
    }

    @Test
    void plainTextBesideAnyTlsAttributeOfJgroupsIsRefused() throws Exception {
        TCP_NETTY keyStoreType = TestMembers.plain();
        keyStoreType.tls.keystore_type = "PKCS12";
        assertRefused(keyStoreType, "encryption=none, but tls.keystore_type is set");
        TCP_NETTY trustStoreType = TestMembers.plain();
        trustStoreType.tls.truststore_type = "PKCS12";
        assertRefused(trustStoreType, "encryption=none, but tls.truststore_type is set");
        TCP_NETTY protocols = TestMembers.plain();
        protocols.tls.protocols = "TLSv1.3";
        assertRefused(protocols, "encryption=none, but tls.protocols is set");
        TCP_NETTY ciphers = TestMembers.plain();
        ciphers.tls.cipher_suites = "TLS_AES_128_GCM_SHA256";
        assertRefused(ciphers, "encryption=none, but tls.cipher_suites is set");
    }

    @Test
    void plainTextBesideTimesOfReloadingIsRefused() throws Exception {
        TCP_NETTY interval = TestMembers.plain();
        interval.reload_interval = 5001;
        assertRefused(interval, "encryption=none, but reload_interval is set");
        TCP_NETTY debounce = TestMembers.plain();
        debounce.reload_debounce = 1999;
        assertRefused(debounce, "encryption=none, but reload_debounce is set");
    }

    @ParameterizedTest
    @CsvSource({"59999,false", "60000,true", "60001,true"})
    void aLostConnectionShouldShowBeforeTheHeartbeatsEnd(int timeoutMs, boolean warned) throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY transport = TestMembers.secure();
            transport.dead_connection_timeout = timeoutMs;
            members.join("A", "relation", transport);
            assertThat(LineLog.of(transport).stream()
                            .anyMatch(line -> line.startsWith("WARN dead_connection_timeout=" + timeoutMs)
                                    && line.contains("FD_ALL3=60000")))
                    .isEqualTo(warned);
        }
    }

    @Test
    void theProviderThatIsWantedAndTheOneThatRunsAreTwoAttributes() throws Exception {
        try (TestMembers members = new TestMembers()) {
            TCP_NETTY transport = TestMembers.secure();
            transport.tls_provider = "jdk";
            members.join("A", "provider", transport);
            ResourceDMBean bean = new ResourceDMBean(transport);
            assertThat(bean.getAttribute("tls_provider")).isEqualTo("jdk");
            assertThat(bean.getAttribute("tls_provider_in_use")).isEqualTo(0);
        }
    }

    @Test
    void peerPatternsAreChecked() throws Exception {
        TCP_NETTY wrong = withStores();
        wrong.authorized_peers = "dns:*.kc.example;nonsense";
        assertRefused(wrong, "authorized_peers", "'nonsense'", "dns:");
        TCP_NETTY notItself = withStores();
        notItself.authorized_peers = "dns:*.kc.example";
        assertRefused(notItself, "would refuse this member", "CN=a", "authorized_peers");
        TCP_NETTY plain = TestMembers.plain();
        plain.authorized_peers = "dns:*.kc.example";
        assertRefused(plain, "encryption=none, but authorized_peers is set");
    }

    @Test
    void boundAddressMustBeInTheOwnCertificate() throws Exception {
        TCP_NETTY transport = withStores();
        transport.bind_identity_to_address = true;
        assertRefused(transport, "would refuse this member", "127.0.0.1", "bind_identity_to_address");
    }

    @Test
    void keyPathNeedsPem() throws Exception {
        TCP_NETTY transport = withStores();
        transport.keystore_key_path = keys.toString();
        assertRefused(transport, "keystore_key_path=", "needs tls.keystore_type=PEM, not PKCS12");
    }

    @Test
    void unknownEncryptionIsRefused() throws Exception {
        assertRefused(TestMembers.transport().setEncryption("off"), "encryption=off must be tls or none");
    }
}
