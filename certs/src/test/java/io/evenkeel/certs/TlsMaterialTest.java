package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.NOW;
import static io.evenkeel.certs.Fixture.PASSWORD;
import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.KeyType;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsMaterialTest {

    @TempDir
    Path directory;

    private final CertificateAuthority authority = Fixture.authority("CA", NOW);
    private StoreFile keys;
    private StoreFile trust;

    @BeforeEach
    void writeGoodStores() throws Exception {
        keys = Fixture.store(directory, "keys.p12", "PKCS12");
        trust = Fixture.store(directory, "trust.p12", "PKCS12");
        MaterialWriter.writeKeyStore(keys, authority.issue(Fixture.node("node-1", NOW), RANDOM));
        MaterialWriter.writeTrustStore(trust, List.of(authority.certificate()));
    }

    private CertificateMaterialException refused(StoreFile keyStore, StoreFile trustStore, Instant now) {
        CertificateMaterialException refusal = catchThrowableOfType(
                CertificateMaterialException.class, () -> TlsMaterial.fromStores(keyStore, trustStore, now));
        assertThat(refusal).as("must be refused").isNotNull();
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(PASSWORD).doesNotContain("wrong-Secret");
        }
        assertThat(refusal.getMessage()).doesNotContain("\n").contains("; ").startsWith(refusal.source() + ": ");
        return refusal;
    }

    private void assertKeysRefused(StoreFile store, Reason reason, String... words) {
        CertificateMaterialException refusal = refused(store, trust, NOW);
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.source()).isEqualTo("key store " + store.path());
        assertThat(refusal.getMessage()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({"PKCS12,EC_P256", "PKCS12,RSA_2048", "JKS,EC_P256", "jks,RSA_2048"})
    void storesOfEachTypeShakeHands(String type, KeyType keyType) throws Exception {
        Instant now = Instant.now();
        CertificateAuthority root =
                CertificateAuthority.create("CN=Root", keyType, now.minusSeconds(60), now.plusSeconds(3600), RANDOM);
        CertificateAuthority middle = root.issueAuthority(Fixture.node("Middle", now), RANDOM);
        StoreFile ownKeys = Fixture.store(directory, "own", type);
        StoreFile ownTrust = Fixture.store(directory, "own-trust", type);
        MaterialWriter.writeKeyStore(ownKeys, middle.issue(Fixture.node("node-2", now), keyType, RANDOM));
        MaterialWriter.writeTrustStore(ownTrust, List.of(root.certificate()));
        TlsMaterial material = TlsMaterial.fromStores(ownKeys, ownTrust);
        assertThat(Handshake.run(material, material).getPeerPrincipal().getName())
                .isEqualTo("CN=node-2");
    }

    @Test
    void missingFile() {
        assertKeysRefused(Fixture.store(directory, "nope.p12", "PKCS12"), Reason.MISSING_FILE, "does not exist");
        StoreFile noTrust = Fixture.store(directory, "nope.p12", "PKCS12");
        assertThat(refused(keys, noTrust, NOW).source()).isEqualTo("trust store " + noTrust.path());
    }

    @Test
    void directoryInsteadOfFile() {
        assertKeysRefused(Fixture.store(directory, ".", "PKCS12"), Reason.UNREADABLE, "not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void wrongPassword(String type) throws Exception {
        StoreFile written = Fixture.store(directory, "locked", type);
        MaterialWriter.writeKeyStore(written, authority.issue(Fixture.node("n", NOW), RANDOM));
        StoreFile wrong = new StoreFile(written.path(), type, "wrong-Secret".toCharArray());
        assertKeysRefused(wrong, Reason.WRONG_PASSWORD, "password is wrong");
        assertKeysRefused(new StoreFile(written.path(), type, null), Reason.WRONG_PASSWORD, "password");
    }

    @Test
    void keyWithAPasswordOfItsOwn() throws Exception {
        Identity identity = authority.issue(Fixture.node("n", NOW), RANDOM);
        StoreFile store = Fixture.store(directory, "two.jks", "JKS");
        writeJks(store, "wrong-Secret", identity);
        assertKeysRefused(store, Reason.WRONG_PASSWORD, "does not open the private key");
    }

    @Test
    void wrongType() {
        assertKeysRefused(Fixture.store(directory, "keys.p12", "JKS"), Reason.WRONG_TYPE, "JKS", "PKCS12");
        assertKeysRefused(Fixture.store(directory, "keys.p12", "PKCS11"), Reason.WRONG_TYPE, "'PKCS11'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100, -1})
    void halfWrittenFile(int length) throws Exception {
        byte[] whole = Files.readAllBytes(keys.path());
        Files.write(keys.path(), Arrays.copyOf(whole, length < 0 ? whole.length + length : length));
        assertKeysRefused(keys, Reason.DAMAGED, "half written");
    }

    @Test
    void noPrivateKey() {
        assertKeysRefused(trust, Reason.NO_PRIVATE_KEY, "no private key");
    }

    @Test
    void severalPrivateKeys() throws Exception {
        StoreFile store = Fixture.store(directory, "several.jks", "JKS");
        writeJks(
                store,
                PASSWORD,
                authority.issue(Fixture.node("a", NOW), RANDOM),
                authority.issue(Fixture.node("b", NOW), RANDOM));
        assertKeysRefused(store, Reason.SEVERAL_PRIVATE_KEYS, "[key-0, key-1]");
    }

    @Test
    void noTrustedCertificate() {
        assertThat(refused(keys, keys, NOW).reason()).isEqualTo(Reason.NO_TRUSTED_CERTIFICATE);
    }

    @Test
    void validityIsInclusiveToTheSecond() throws Exception {
        Instant from = NOW;
        Instant to = NOW.plusSeconds(100);
        MaterialWriter.writeKeyStore(keys, authority.issue(CertificateSpec.node("CN=n", from, to), RANDOM));
        assertThat(refused(keys, trust, from.minusNanos(1)).reason()).isEqualTo(Reason.NOT_YET_VALID);
        TlsMaterial.fromStores(keys, trust, from);
        TlsMaterial.fromStores(keys, trust, to);
        CertificateMaterialException expired = refused(keys, trust, to.plusNanos(1));
        assertThat(expired.reason()).isEqualTo(Reason.EXPIRED);
        assertThat(expired.getMessage()).contains("CN=n", to.toString());
    }

    @Test
    void trustIsRefusedOnlyWhenNothingInItIsValid() throws Exception {
        CertificateAuthority old = Fixture.authority("Old", NOW.minusSeconds(365 * 86_400L));
        MaterialWriter.writeTrustStore(trust, List.of(old.certificate()));
        assertThat(refused(keys, trust, NOW).reason()).isEqualTo(Reason.EXPIRED);
        MaterialWriter.writeTrustStore(trust, List.of(old.certificate(), authority.certificate()));
        TlsMaterial.fromStores(keys, trust, NOW);
    }

    @Test
    void keyOfAnotherCertificate() throws Exception {
        for (KeyType type : KeyType.values()) {
            Identity one = authority.issue(Fixture.node("one", NOW), type, RANDOM);
            Identity other = authority.issue(Fixture.node("other", NOW), type, RANDOM);
            StoreFile store = Fixture.store(directory, "mixed.jks", "JKS");
            writeJks(store, PASSWORD, new Identity(one.key(), other.chain()));
            assertKeysRefused(store, Reason.KEY_MISMATCH, "CN=other");
        }
    }

    @Test
    void brokenChain() throws Exception {
        CertificateAuthority namesake = Fixture.authority("CA", NOW);
        CertificateAuthority stranger = Fixture.authority("Stranger", NOW);
        Identity leaf = authority.issue(Fixture.node("leaf", NOW), RANDOM);
        for (CertificateAuthority wrong : List.of(namesake, stranger)) {
            StoreFile store = Fixture.store(directory, "broken.jks", "JKS");
            writeJks(store, PASSWORD, new Identity(leaf.key(), List.of(leaf.certificate(), wrong.certificate())));
            assertKeysRefused(store, Reason.CHAIN_BROKEN, "CN=leaf");
        }
    }

    @Test
    void certificateForClientsOnly() throws Exception {
        CertificateSpec spec = Fixture.node("n", NOW).withUsages(CertificateSpec.Usage.CLIENT);
        MaterialWriter.writeKeyStore(keys, authority.issue(spec, RANDOM));
        assertKeysRefused(keys, Reason.WRONG_USAGE, "client and server");
        MaterialWriter.writeKeyStore(keys, authority.issue(spec.withUsages(), RANDOM));
        TlsMaterial.fromStores(keys, trust, NOW);
    }

    @Test
    void nothingPrintsASecret() {
        Identity identity = authority.issue(Fixture.node("n", NOW), KeyType.RSA_2048, RANDOM);
        assertThat(keys.toString()).isEqualTo("PKCS12 " + keys.path());
        assertThat(identity.toString()).contains("CN=n").doesNotContain("modulus");
    }

    @Test
    void issuedCertificatesSayWhatTheSpecSays() throws Exception {
        CertificateSpec spec = Fixture.node("n,O=Example", NOW)
                .withDns("node.example")
                .withIp("127.0.0.1")
                .withUri("spiffe://example/node");
        X509Certificate certificate = authority.issue(spec, RANDOM).certificate();
        certificate.verify(authority.certificate().getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=n,O=Example");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "node.example"), List.of(7, "127.0.0.1"), List.of(6, "spiffe://example/node"));
        assertThat(certificate.getExtendedKeyUsage()).hasSize(2);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(authority.certificate().getBasicConstraints()).isNotNegative();
    }

    private static void writeJks(StoreFile target, String keyPassword, Identity... identities) throws Exception {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        for (int i = 0; i < identities.length; i++) {
            X509Certificate[] chain = identities[i].chain().toArray(X509Certificate[]::new);
            store.setKeyEntry("key-" + i, identities[i].key(), keyPassword.toCharArray(), chain);
        }
        try (OutputStream out = Files.newOutputStream(target.path())) {
            store.store(out, target.password());
        }
    }
}
