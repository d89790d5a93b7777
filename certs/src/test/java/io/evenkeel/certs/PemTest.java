package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.PASSWORD;
import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.evenkeel.certs.CertificateMaterialException.Reason;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.KeyType;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    @TempDir
    Path directory;

    private final Instant now = Instant.now();
    private final CertificateAuthority root = Fixture.authority("Root", now);
    private final CertificateAuthority middle = root.issueAuthority(Fixture.node("Middle", now), RANDOM);
    private Path certificates;
    private Path key;
    private StoreFile trust;

    @BeforeEach
    void paths() throws Exception {
        certificates = directory.resolve("tls.crt");
        key = directory.resolve("tls.key");
        trust = new StoreFile(directory.resolve("ca.crt"), "PEM", null);
        MaterialWriter.writePem(trust.path(), List.of(root.certificate()));
    }

    private Identity writeIdentity(KeyType type) throws Exception {
        Identity identity = middle.issue(Fixture.node("pem-1", now), type, RANDOM);
        MaterialWriter.writePem(certificates, identity.chain());
        return identity;
    }

    private void writeKey(String form, PrivateKey secret) throws Exception {
        switch (form) {
            case "PKCS8" -> MaterialWriter.writePem(key, secret);
            case "PKCS8-ENCRYPTED" -> MaterialWriter.writePem(key, secret, PASSWORD.toCharArray(), RANDOM);
            case "OLD" -> write(new JcaMiscPEMGenerator(withParameters(secret)));
            case "OLD-ENCRYPTED" ->
                write(new JcaMiscPEMGenerator(
                        withParameters(secret),
                        new JcePEMEncryptorBuilder("AES-256-CBC")
                                .setProvider(new BouncyCastleProvider())
                                .build(PASSWORD.toCharArray())));
            default -> throw new IllegalArgumentException(form);
        }
    }

    // SEC 1 names the curve inside the key, as OpenSSL does; the JDK's keys name it outside only.
    private static PrivateKey withParameters(PrivateKey secret) throws Exception {
        return KeyFactory.getInstance(secret.getAlgorithm(), new BouncyCastleProvider())
                .generatePrivate(new PKCS8EncodedKeySpec(secret.getEncoded()));
    }

    private void write(JcaMiscPEMGenerator block) throws Exception {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(block);
        }
        Files.writeString(key, text.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "PKCS8,EC_P256,BEGIN PRIVATE KEY",
        "PKCS8,RSA_2048,BEGIN PRIVATE KEY",
        "PKCS8-ENCRYPTED,EC_P256,BEGIN ENCRYPTED PRIVATE KEY",
        "PKCS8-ENCRYPTED,RSA_2048,BEGIN ENCRYPTED PRIVATE KEY",
        "OLD,EC_P256,BEGIN EC PRIVATE KEY",
        "OLD,RSA_2048,BEGIN RSA PRIVATE KEY",
        "OLD-ENCRYPTED,EC_P256,DEK-Info: AES-256-CBC",
        "OLD-ENCRYPTED,RSA_2048,DEK-Info: AES-256-CBC"
    })
    void everyFormOfKeyShakesHands(String form, KeyType type, String mark) throws Exception {
        writeKey(form, writeIdentity(type).key());
        assertThat(key).content().contains(mark);
        StoreFile pem = StoreFile.pem(certificates, key, PASSWORD.toCharArray());
        TlsMaterial material = TlsMaterial.fromStores(pem, trust, now);
        assertThat(Handshake.run(material, material).getPeerPrincipal().getName())
                .isEqualTo("CN=pem-1");
    }

    @Test
    void certificateAndKeyInOneFileAmongOtherText() throws Exception {
        writeKey("PKCS8", writeIdentity(KeyType.EC_P256).key());
        Path both = directory.resolve("both.pem");
        Files.writeString(both, "subject=pem-1\n" + Files.readString(key) + "\n" + Files.readString(certificates));
        TlsMaterial material = TlsMaterial.fromStores(new StoreFile(both, "pem", null), trust, now);
        Handshake.run(material, material);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS8-ENCRYPTED", "OLD-ENCRYPTED"})
    void wrongPassword(String form) throws Exception {
        writeKey(form, writeIdentity(KeyType.EC_P256).key());
        assertRefused("wrong-Secret", Reason.WRONG_PASSWORD, "does not open the private key");
        assertRefused("", Reason.WRONG_PASSWORD, "no password is given");
    }

    @Test
    void otherFailures() throws Exception {
        Identity identity = writeIdentity(KeyType.EC_P256);
        assertRefused("", Reason.MISSING_FILE, "tls.key");
        MaterialWriter.writePem(
                key, middle.issue(Fixture.node("x", now), RANDOM).key());
        assertRefused("", Reason.KEY_MISMATCH, "CN=pem-1");
        Files.copy(certificates, key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused("", Reason.NO_PRIVATE_KEY, "tls.key");
        MaterialWriter.writePem(key, identity.key());
        Files.writeString(key, Files.readString(key).repeat(2));
        assertRefused("", Reason.SEVERAL_PRIVATE_KEYS, "2 private keys");
        Files.writeString(key, "hello");
        assertRefused("", Reason.DAMAGED, "not of type PEM");
        MaterialWriter.writePem(key, identity.key());
        MaterialWriter.writePem(certificates, List.of(middle.certificate(), identity.certificate()));
        assertRefused("", Reason.KEY_MISMATCH, "CN=Middle");
        Files.copy(key, certificates, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRefused("", Reason.NO_PRIVATE_KEY, "no certificate");
        MaterialWriter.writeTrustStore(new StoreFile(certificates, "PKCS12", new char[] {'x'}), identity.chain());
        assertRefused("", Reason.WRONG_TYPE, "PKCS12");
        MaterialWriter.writePem(
                key, KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate());
        MaterialWriter.writePem(certificates, identity.chain());
        assertRefused("", Reason.KEY_MISMATCH, "does not belong");
    }

    @Test
    void aHalfWrittenFileIsRefusedAtAnyLength() throws Exception {
        writeKey("PKCS8-ENCRYPTED", writeIdentity(KeyType.EC_P256).key());
        String whole = Files.readString(key);
        for (int length = 0; length < whole.length() - 10; length += 7) {
            Files.writeString(key, whole.substring(0, length));
            assertRefused(PASSWORD, Reason.DAMAGED, "half written");
        }
    }

    private void assertRefused(String password, Reason reason, String words) {
        StoreFile pem = StoreFile.pem(certificates, key, password.toCharArray());
        CertificateMaterialException refusal =
                catchThrowableOfType(CertificateMaterialException.class, () -> TlsMaterial.fromStores(pem, trust, now));
        assertThat(refusal).as("must be refused").isNotNull();
        assertThat(refusal).hasMessageContaining(words);
        assertThat(refusal.reason()).isEqualTo(reason);
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(PASSWORD).doesNotContain("wrong-Secret");
        }
    }
}
