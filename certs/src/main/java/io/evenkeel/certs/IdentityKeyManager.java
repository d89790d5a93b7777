package io.evenkeel.certs;

import java.net.Socket;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents one identity, always, as client and as server.
 *
 * <p>It does not look at the issuers that the peer says it accepts: the JDK's own manager would then send no
 * certificate at all, and the peer could only say "no certificate" where the truth is "signed by an authority that I do
 * not trust".
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {

    private final String alias;
    private final Identity identity;

    IdentityKeyManager(String alias, Identity identity) {
        this.alias = alias;
        this.identity = identity;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, @Nullable Socket socket) {
        for (String keyType : keyTypes) {
            if (fits(keyType)) {
                return alias;
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, @Nullable Socket socket) {
        return fits(keyType) ? alias : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
        return fits(keyType) ? new String[] {alias} : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
        return fits(keyType) ? new String[] {alias} : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String asked) {
        return alias.equals(asked) ? identity.chain().toArray(X509Certificate[]::new) : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String asked) {
        return alias.equals(asked) ? identity.key() : null;
    }

    // Engines of TLS 1.2 ask for "EC_RSA" and the like: the key's algorithm, then the one that signed the certificate.
    // Bouncy Castle's ask for "EC/secp256r1" in TLS 1.3, where a signature's scheme names the curve (RFC 8446, 4.2.3).
    // The certificate's public key decides: providers disagree on the names of private keys.
    private boolean fits(String keyType) {
        PublicKey key = identity.certificate().getPublicKey();
        String[] curve = keyType.split("/", 2);
        if (curve.length == 2) {
            return key instanceof ECPublicKey own && curve[0].equalsIgnoreCase("EC") && isOn(curve[1], own);
        }
        String asked = keyType.split("_", 2)[0];
        String own = key.getAlgorithm();
        return own.equalsIgnoreCase(asked) || (edwards(own) && edwards(asked));
    }

    private static boolean isOn(String curve, ECPublicKey key) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            ECParameterSpec asked = parameters.getParameterSpec(ECParameterSpec.class);
            // No two curves in use share the order of their base point.
            return asked.getOrder().equals(key.getParams().getOrder());
        } catch (GeneralSecurityException e) {
            // A curve that this JVM does not know is not the key's.
            return false;
        }
    }

    private static boolean edwards(String algorithm) {
        return algorithm.toLowerCase(Locale.ROOT).startsWith("ed");
    }
}
