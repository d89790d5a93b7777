package io.evenkeel.protocols.transport.tls;

import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;

/** The certificates that a key manager would present. Its answers are never kept: it may reload in place. */
final class OwnCertificates {
    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private OwnCertificates() {}

    /** The first certificate of each chain; empty if the manager does not tell. */
    static Set<X509Certificate> of(X509ExtendedKeyManager keys) {
        Set<X509Certificate> found = new LinkedHashSet<>();
        for (String keyType : KEY_TYPES) {
            String[] aliases = keys.getServerAliases(keyType, null);
            for (String alias : aliases == null ? new String[0] : aliases) {
                X509Certificate[] chain = keys.getCertificateChain(alias);
                if (chain != null && chain.length > 0) {
                    found.add(chain[0]);
                }
            }
        }
        return found;
    }
}
