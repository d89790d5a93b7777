package io.evenkeel.certs;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Presents one identity, always, as client and as server.
 *
 * <p>It does not look at the issuers that the peer says it accepts: the JDK's own manager would then send no certificate
 * at all, and the peer could only say "no certificate" where the truth is "signed by somebody I do not trust".
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {

    private final String alias;
    private final Identity identity;

    IdentityKeyManager(String alias, Identity identity) {
        this.alias = alias;
        this.identity = identity;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        for (String keyType : keyTypes) {
            if (fits(keyType)) {
                return alias;
            }
        }
        return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return fits(keyType) ? alias : null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return fits(keyType) ? new String[] {alias} : null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return fits(keyType) ? new String[] {alias} : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String asked) {
        return alias.equals(asked) ? identity.chain().toArray(X509Certificate[]::new) : null;
    }

    @Override
    public PrivateKey getPrivateKey(String asked) {
        return alias.equals(asked) ? identity.key() : null;
    }

    // Engines of TLS 1.2 ask for "EC_RSA" and the like: the key's algorithm, then the one that signed the certificate.
    // The certificate's public key decides: providers disagree on the names of private keys.
    private boolean fits(String keyType) {
        String own = identity.certificate().getPublicKey().getAlgorithm();
        String asked = keyType.split("_", 2)[0];
        return own.equalsIgnoreCase(asked) || (edwards(own) && edwards(asked));
    }

    private static boolean edwards(String algorithm) {
        return algorithm.toLowerCase(Locale.ROOT).startsWith("ed");
    }
}
