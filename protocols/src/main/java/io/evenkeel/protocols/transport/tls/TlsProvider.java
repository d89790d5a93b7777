package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.LogText;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of TLS: the JDK's, or BoringSSL through netty-tcnative, which encrypts about twice as fast.
 *
 * @param kind what Netty calls it
 * @param why for the log, in words
 */
record TlsProvider(SslProvider kind, String why) {
    private static final Set<String> KEY_ALGORITHMS = Set.of("EC", "RSA");

    /** Picks one by the settings and by what is there. */
    static TlsProvider choose(TlsSettings settings) {
        String obstacle = obstacle(settings);
        return switch (settings.provider()) {
            case "jdk" -> {
                if (!settings.namedGroups().isEmpty()) {
                    throw new IllegalArgumentException(
                            "tls_named_groups needs tls_provider=openssl; the JDK's are set by -Djdk.tls.namedGroups");
                }
                yield new TlsProvider(SslProvider.JDK, "tls_provider=jdk");
            }
            case "openssl" -> {
                if (obstacle != null) {
                    throw new IllegalArgumentException("tls_provider=openssl cannot run: " + obstacle
                            + "; remove the obstacle, or set tls_provider=jdk");
                }
                yield new TlsProvider(SslProvider.OPENSSL, "tls_provider=openssl");
            }
            case "auto" -> {
                if (obstacle != null && !settings.namedGroups().isEmpty()) {
                    throw new IllegalArgumentException("tls_named_groups needs BoringSSL, but " + obstacle);
                }
                yield obstacle == null
                        ? new TlsProvider(SslProvider.OPENSSL, "tls_provider=auto and its natives load")
                        : new TlsProvider(SslProvider.JDK, "tls_provider=auto and " + obstacle);
            }
            default ->
                throw new IllegalArgumentException(
                        "tls_provider=" + settings.provider() + " must be auto, jdk or openssl");
        };
    }

    /** The reason why BoringSSL cannot be used; null if it can. */
    private static @Nullable String obstacle(TlsSettings settings) {
        String fips = FipsMode.reason(settings.fips());
        if (fips != null) {
            return fips + ", and the BoringSSL here is no validated module";
        }
        if (!OpenSsl.isAvailable()) {
            return "BoringSSL does not load here (" + oneLine(OpenSsl.unavailabilityCause()) + ")";
        }
        if (!SslProvider.isTlsv13Supported(SslProvider.OPENSSL) || !OpenSsl.supportsKeyManagerFactory()) {
            return "the native TLS library that loads here lacks TLS 1.3 or key managers (" + OpenSsl.versionString()
                    + ")";
        }
        if (!settings.ciphers().isEmpty()) {
            return "tls.cipher_suites is set, and BoringSSL does not let TLS 1.3's ciphers be chosen";
        }
        String algorithm = algorithmObstacle(settings.material());
        return algorithm != null ? algorithm : keyObstacle(settings.material().keyManager());
    }

    private static @Nullable String keyObstacle(X509ExtendedKeyManager keys) {
        for (X509Certificate own : OwnCertificates.of(keys)) {
            String algorithm = own.getPublicKey().getAlgorithm();
            String[] aliases = keys.getServerAliases(algorithm, null);
            for (String alias : aliases == null ? new String[0] : aliases) {
                PrivateKey key = keys.getPrivateKey(alias);
                if (key != null && key.getEncoded() == null) {
                    return "this member's private key cannot leave its device, and BoringSSL has to have it";
                }
            }
        }
        return null;
    }

    /**
     * The reason why handshakes of BoringSSL would fail with these keys and this trust, which neither signs nor accepts
     * anything but EC and RSA; null if they would not.
     */
    static @Nullable String algorithmObstacle(TlsMaterial material) {
        for (X509Certificate own : OwnCertificates.of(material.keyManager())) {
            if (!isTaken(own)) {
                return "BoringSSL takes EC and RSA keys only, this member's is "
                        + own.getPublicKey().getAlgorithm();
            }
        }
        for (X509Certificate authority : material.trustManager().getAcceptedIssuers()) {
            if (!isTaken(authority)) {
                return "BoringSSL takes EC and RSA keys only, that of the trusted CA '"
                        + LogText.oneLine(authority.getSubjectX500Principal().getName())
                        + "' is " + authority.getPublicKey().getAlgorithm();
            }
        }
        return null;
    }

    /** True if BoringSSL, as Netty configures it, signs and verifies with a certificate's key. */
    static boolean isTaken(X509Certificate certificate) {
        return KEY_ALGORITHMS.contains(certificate.getPublicKey().getAlgorithm());
    }

    private static String oneLine(Throwable thrown) {
        return LogText.oneLine(String.valueOf(thrown));
    }

    boolean isNative() {
        return kind != SslProvider.JDK;
    }

    /** Its name and the reason, for the log. */
    String describe() {
        return (isNative() ? OpenSsl.versionString() : "JDK") + ", as " + why;
    }
}
