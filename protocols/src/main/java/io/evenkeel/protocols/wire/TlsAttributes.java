package io.evenkeel.protocols.wire;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.ReloadSettings;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.property.Secret;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jgroups.logging.Log;
import org.jgroups.util.SocketFactory;

/**
 * Where keys and trust come from, and the rule that nothing is ever sent in clear unless that was asked for by name.
 *
 * @param encryption {@code tls} or {@code none}
 * @param otherAttribute the name of a set attribute that makes sense with TLS only, or null
 * @param keystoreKeyPath the private key, where keystorePath is PEM and does not hold it; or null
 */
public record TlsAttributes(
        String encryption,
        String keystorePath,
        String keystoreKeyPath,
        String keystoreType,
        Secret keystorePassword,
        String truststorePath,
        String truststoreType,
        Secret truststorePassword,
        String otherAttribute,
        long reloadIntervalMs,
        long reloadDebounceMs) {

    private static final long RETRY_MS = 60_000;

    private static final String HOW_TO =
            "set keystore_path, keystore_password, truststore_path and truststore_password,"
                    + " or inject TlsMaterial, or ask for plain text by name with encryption=\"none\"";

    /**
     * The material to use, watched but not started, or empty for plain text.
     *
     * @param injected from setTlsMaterial, or null
     * @param factory what was set as the protocol's socket factory
     * @param stats counts changes
     * @param log hears of them
     * @throws IllegalArgumentException if the settings are incomplete or contradict each other; one line
     * @throws CertificateMaterialException if keys or certificates cannot be used; one line
     */
    public Optional<MaterialWatch> resolve(TlsMaterial injected, SocketFactory factory, WireStats stats, Log log)
            throws CertificateMaterialException, IOException {
        boolean plain = "none".equals(encryption);
        if (!plain && !"tls".equals(encryption)) {
            throw new IllegalArgumentException("encryption=" + encryption + " must be tls or none");
        }
        if (plain) {
            requirePlain(injected, factory);
            return Optional.empty();
        }
        if (injected != null) {
            if (anySet()) {
                throw new IllegalArgumentException("keystore and truststore attributes are set although TlsMaterial was"
                        + " injected; remove the attributes, or do not inject");
            }
            return Optional.of(MaterialWatch.over(injected, reloadSettings(), stats, log));
        }
        if (keystorePath == null || truststorePath == null) {
            String missing = keystorePath != null
                    ? "truststore_path is missing"
                    : truststorePath != null ? "keystore_path is missing" : "there are no keys for TLS";
            String unusable = isTls(factory)
                    ? "; the TLS socket factory that was set cannot be used, as its keys cannot be had from it"
                    : "";
            throw new IllegalArgumentException(missing + unusable + "; " + HOW_TO);
        }
        return Optional.of(MaterialWatch.over(
                keyStore(),
                new StoreFile(Path.of(truststorePath), truststoreType, chars(truststorePassword)),
                reloadSettings(),
                stats,
                log));
    }

    private StoreFile keyStore() {
        if (keystoreKeyPath == null) {
            return new StoreFile(Path.of(keystorePath), keystoreType, chars(keystorePassword));
        }
        if (!keystoreType.equalsIgnoreCase("PEM")) {
            throw new IllegalArgumentException("keystore_key_path=" + keystoreKeyPath + " needs keystore_type=PEM, not "
                    + keystoreType + ", which keeps the key in keystore_path");
        }
        return StoreFile.pem(Path.of(keystorePath), Path.of(keystoreKeyPath), chars(keystorePassword));
    }

    private ReloadSettings reloadSettings() {
        if (reloadIntervalMs < 1) {
            throw new IllegalArgumentException("reload_interval=" + reloadIntervalMs + " must be >= 1 ms");
        }
        if (reloadDebounceMs < 0) {
            throw new IllegalArgumentException("reload_debounce=" + reloadDebounceMs + " must be >= 0 ms");
        }
        return new ReloadSettings(reloadIntervalMs, reloadDebounceMs, RETRY_MS);
    }

    private void requirePlain(TlsMaterial injected, SocketFactory factory) throws IOException {
        String contradiction = injected != null
                ? "TlsMaterial was injected"
                : anySet()
                        ? "keystore or truststore attributes are set"
                        : otherAttribute != null
                                ? otherAttribute + " is set"
                                : isTls(factory) ? "a TLS socket factory is set" : null;
        if (contradiction != null) {
            throw new IllegalArgumentException("encryption=none, but " + contradiction
                    + "; remove one of the two, nothing goes out in clear until then");
        }
    }

    private boolean anySet() {
        return keystorePath != null
                || keystoreKeyPath != null
                || keystorePassword != null
                || truststorePath != null
                || truststorePassword != null;
    }

    /** JGroups' factory does not tell what it makes, so it has to make one; the socket is never connected. */
    private static boolean isTls(SocketFactory factory) throws IOException {
        if (factory == null) {
            return false;
        }
        try (Socket socket = factory.createSocket("evenkeel")) {
            return socket instanceof SSLSocket;
        }
    }

    private static char[] chars(Secret secret) {
        return secret == null ? null : secret.reveal();
    }
}
