package io.evenkeel.certs;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of keys that are made here. P-256 signs some ten times as fast as RSA, which counts at every handshake. */
public enum KeyType {
    EC_P256("EC", "SHA256withECDSA"),
    RSA_2048("RSA", "SHA256withRSA");

    private final String algorithm;
    private final String signatureAlgorithm;

    KeyType(String algorithm, String signatureAlgorithm) {
        this.algorithm = algorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters(), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK must make keys of type " + this, e);
        }
    }

    private AlgorithmParameterSpec parameters() {
        return switch (this) {
            case EC_P256 -> new ECGenParameterSpec("secp256r1");
            case RSA_2048 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
        };
    }

    /** The algorithm with which a key of this kind signs certificates. */
    String signatureAlgorithm() {
        return signatureAlgorithm;
    }

    /** The kind that signs as a key of the named algorithm does. */
    static KeyType ofAlgorithm(String algorithm) {
        for (KeyType type : values()) {
            if (type.algorithm.equals(algorithm)) {
                return type;
            }
        }
        throw new IllegalArgumentException("key algorithm=" + algorithm + " must be EC or RSA");
    }
}
