package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.UNSUPPORTED_KEY;
import static io.evenkeel.certs.CertificateMaterialException.Reason.WRONG_PASSWORD;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a private key found in PEM: PKCS #8 (RFC 5958), plain or encrypted, PKCS #1 (RFC 8017) and SEC 1 (RFC 5915),
 * also encrypted in OpenSSL's older way.
 *
 * <p>The key itself is made by the JVM's first provider for its algorithm, so that the JVM's TLS can sign with it.
 */
final class PemPrivateKey {

    private PemPrivateKey() {}

    static boolean isKey(Object block) {
        return block instanceof PrivateKeyInfo
                || block instanceof PKCS8EncryptedPrivateKeyInfo
                || block instanceof PEMKeyPair
                || block instanceof PEMEncryptedKeyPair;
    }

    /**
     * Opens a block for which {@link #isKey} holds.
     *
     * @param password wiped before this returns
     */
    static PrivateKey open(String source, Object block, char[] password) throws CertificateMaterialException {
        PrivateKeyInfo info;
        try {
            info = decrypt(source, block, password);
        } finally {
            Arrays.fill(password, '\0');
        }
        String id = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        // The JDK knows its other key factories by their object identifiers.
        String algorithm = id.equals(X9ObjectIdentifiers.id_ecPublicKey.getId()) ? "EC" : id;
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateMaterialException(
                    UNSUPPORTED_KEY,
                    source,
                    "the JDK cannot use a private key of algorithm " + algorithm,
                    "use an EC (P-256, P-384), RSA or Ed25519 key",
                    e);
        }
    }

    private static PrivateKeyInfo decrypt(String source, Object block, char[] password)
            throws CertificateMaterialException {
        if (block instanceof PrivateKeyInfo plain) {
            return plain;
        }
        if (block instanceof PEMKeyPair plain) {
            return plain.getPrivateKeyInfo();
        }
        if (password.length == 0) {
            throw wrongPassword(source, "the private key is encrypted and no password is given", null);
        }
        try {
            Provider provider = decryptionProvider();
            if (block instanceof PKCS8EncryptedPrivateKeyInfo locked) {
                return locked.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(provider)
                        .build(password));
            }
            return ((PEMEncryptedKeyPair) block)
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(provider)
                            .build(password))
                    .getPrivateKeyInfo();
        } catch (OperatorCreationException | PKCSException | IOException | RuntimeException e) {
            // With a wrong password the plain text is noise, on which the parser may fail in any way.
            throw wrongPassword(source, "its password does not open the private key", e);
        }
    }

    /**
     * Bouncy Castle's provider, as an object that is not registered with the JVM; where its FIPS edition takes its
     * place, as under Keycloak's feature {@code fips}, that class does not exist and the edition is registered.
     */
    private static Provider decryptionProvider() {
        Provider fips = Security.getProvider("BCFIPS");
        return fips != null ? fips : Standard.provider();
    }

    /** Keeps the class that the FIPS edition lacks out of this one's linkage. */
    private static final class Standard {
        static Provider provider() {
            return new BouncyCastleProvider();
        }
    }

    private static CertificateMaterialException wrongPassword(
            String source, String problem, @Nullable Throwable cause) {
        return new CertificateMaterialException(
                WRONG_PASSWORD,
                source,
                problem,
                "give the password that the key was encrypted with, by PBES1 or PBES2 with PBKDF2 (not scrypt)",
                cause);
    }
}
