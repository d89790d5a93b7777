package io.evenkeel.certs.authority;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.jspecify.annotations.Nullable;

/** The kinds of keys that are made here. P-256 signs some ten times as fast as RSA, which counts at every handshake. */
public enum KeyType {
    EC_P256("EC"),
    EC_P384("EC"),
    RSA_2048("RSA"),
    RSA_3072("RSA"),
    /** For the JDK's TLS; BoringSSL as Netty configures it takes no certificates with such a key. */
    ED25519("Ed25519");

    private final String algorithm;

    KeyType(String algorithm) {
        this.algorithm = algorithm;
    }

    /** A new key pair, by the JVM's first provider for its algorithm. */
    public KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            AlgorithmParameterSpec parameters = parameters();
            if (parameters != null) {
                generator.initialize(parameters, random);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK must make keys of type " + this, e);
        }
    }

    // Ed25519 has none; its generator draws from the JVM's own source.
    private @Nullable AlgorithmParameterSpec parameters() {
        return switch (this) {
            case EC_P256 -> new ECGenParameterSpec("secp256r1");
            case EC_P384 -> new ECGenParameterSpec("secp384r1");
            case RSA_2048 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
            case RSA_3072 -> new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4);
            case ED25519 -> null;
        };
    }

    /**
     * The kind of a key that exists.
     *
     * @throws IllegalArgumentException if keys of its kind are not made here
     */
    public static KeyType of(PublicKey key) {
        int bits = bits(key);
        for (KeyType type : values()) {
            if (type.bits() == bits && type.algorithm.equals(family(key))) {
                return type;
            }
        }
        throw new IllegalArgumentException("key algorithm=" + key.getAlgorithm() + " with " + bits
                + " bits must be EC (P-256, P-384), RSA (2048, 3072) or Ed25519");
    }

    private int bits() {
        return switch (this) {
            case EC_P256 -> 256;
            case EC_P384 -> 384;
            case RSA_2048 -> 2048;
            case RSA_3072 -> 3072;
            case ED25519 -> 0;
        };
    }

    private static int bits(PublicKey key) {
        if (key instanceof ECKey curve) {
            return curve.getParams().getCurve().getField().getFieldSize();
        }
        return key instanceof RSAKey modulus ? modulus.getModulus().bitLength() : 0;
    }

    // The JDK calls both Edwards curves EdDSA where other providers name the curve.
    private static String family(PublicKey key) {
        return key.getAlgorithm().startsWith("Ed") ? "Ed25519" : key.getAlgorithm();
    }

    /**
     * The algorithm with which the private half of a key signs certificates.
     *
     * @throws IllegalArgumentException if it is neither EC nor RSA nor Ed25519
     */
    static String signatureAlgorithm(PublicKey key) {
        return switch (family(key)) {
            case "EC" -> bits(key) > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "Ed25519" -> "Ed25519";
            default ->
                throw new IllegalArgumentException(
                        "key algorithm=" + key.getAlgorithm() + " must be EC, RSA or Ed25519");
        };
    }
}
