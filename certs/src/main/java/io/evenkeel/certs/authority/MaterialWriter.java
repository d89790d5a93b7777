package io.evenkeel.certs.authority;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;

/**
 * Writes keys and certificates to files, each whole or not at all ({@link AtomicFile}). Files without a secret are
 * readable to all.
 */
public final class MaterialWriter {

    private static final Base64.Encoder PEM_BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** More than OpenSSL 3 takes by default, and too little for a start of a member to notice: some 20 ms. */
    private static final int PBKDF2_ITERATIONS = 100_000;

    private MaterialWriter() {}

    /**
     * Writes a key store with one private key, under the alias {@code member}, protected by the store's own password.
     *
     * @param target where, in which type (PKCS12 or JKS), with which password
     */
    public static void writeKeyStore(StoreFile target, Identity identity) throws IOException {
        writeStore(
                target,
                (store, password) -> store.setKeyEntry(
                        "member", identity.key(), password, identity.chain().toArray(X509Certificate[]::new)));
    }

    /** Writes a trust store with the given certificates, under the aliases {@code ca-0} and so on. */
    public static void writeTrustStore(StoreFile target, List<X509Certificate> trusted) throws IOException {
        writeStore(target, (store, password) -> {
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry("ca-" + i, trusted.get(i));
            }
        });
    }

    /** Writes certificates as PEM, in the given order (RFC 7468). */
    public static void writePem(Path target, List<X509Certificate> certificates) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                appendPem(text, "CERTIFICATE", certificate.getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IOException("A certificate for " + target + " cannot be encoded", e);
        }
        AtomicFile.write(target, text.toString().getBytes(StandardCharsets.US_ASCII), AtomicFile.Access.ALL);
    }

    /** Writes a private key as unencrypted PKCS #8 in PEM (RFC 5958). */
    public static void writePem(Path target, PrivateKey key) throws IOException {
        StringBuilder text = new StringBuilder();
        appendPem(text, "PRIVATE KEY", key.getEncoded());
        AtomicFile.write(target, text.toString().getBytes(StandardCharsets.US_ASCII), AtomicFile.Access.OWNER);
    }

    /**
     * Writes a private key as encrypted PKCS #8 in PEM: AES-256, the key from the password by PBKDF2 with SHA-256.
     *
     * @param password not empty
     */
    public static void writePem(Path target, PrivateKey key, char[] password, SecureRandom random) throws IOException {
        if (password.length == 0) {
            throw new IllegalArgumentException("password is empty, must have at least one character");
        }
        try {
            OutputEncryptor encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPRF(PKCS8Generator.PRF_HMACSHA256)
                    .setIterationCount(PBKDF2_ITERATIONS)
                    .setRandom(random)
                    .setPassword(password)
                    .build();
            StringBuilder text = new StringBuilder();
            appendPem(
                    text,
                    "ENCRYPTED PRIVATE KEY",
                    new JcaPKCS8Generator(key, encryptor).generate().getContent());
            AtomicFile.write(target, text.toString().getBytes(StandardCharsets.US_ASCII), AtomicFile.Access.OWNER);
        } catch (OperatorCreationException e) {
            throw new IOException("The key for " + target + " cannot be encrypted", e);
        }
    }

    private interface Filler {
        void fill(KeyStore store, char[] password) throws GeneralSecurityException;
    }

    private static void writeStore(StoreFile target, Filler filler) throws IOException {
        char[] password = target.password();
        try {
            KeyStore store = KeyStore.getInstance(target.type().toUpperCase(Locale.ROOT));
            store.load(null, null);
            filler.fill(store, password);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            store.store(content, password);
            AtomicFile.write(target.path(), content.toByteArray(), AtomicFile.Access.OWNER);
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot write " + target, e);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static void appendPem(StringBuilder text, String label, byte[] content) {
        text.append("-----BEGIN ").append(label).append("-----\n");
        text.append(PEM_BASE64.encodeToString(content)).append('\n');
        text.append("-----END ").append(label).append("-----\n");
    }
}
