package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.ReloadSettings;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.transport.config.TransportStats;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jgroups.logging.Log;
import org.jgroups.util.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The source of keys and trust, and the rule that nothing is ever sent in clear unless that was asked for by name.
 *
 * <p>Attributes of the stack win over what code injects: they are what the operator wrote into this very protocol. They
 * have to be complete then; nothing that was injected fills a gap.
 *
 * @param encryption {@code tls} or {@code none}
 * @param keystoreKeyPath the private key, where keystorePath is PEM and does not hold it; or null
 * @param keystoreType null if not set, which means PKCS12; so is truststoreType
 * @param otherAttribute the name of a set attribute that makes sense with TLS only, or null
 */
public record TlsAttributes(
        String encryption,
        @Nullable String keystorePath,
        @Nullable String keystoreKeyPath,
        @Nullable String keystoreType,
        @Nullable Secret keystorePassword,
        @Nullable String truststorePath,
        @Nullable String truststoreType,
        @Nullable Secret truststorePassword,
        @Nullable String otherAttribute,
        long reloadIntervalMs,
        long reloadDebounceMs) {

    private static final String DEFAULT_STORE_TYPE = "PKCS12";
    private static final long RETRY_MS = 60_000;

    private static final String HOW_TO =
            "set tls.keystore_path, tls.keystore_password, tls.truststore_path and tls.truststore_password,"
                    + " or inject TlsMaterial, or ask for plain text by name with encryption=\"none\"";

    /**
     * The material to use, watched but not started, or empty for plain text.
     *
     * @param injected what code gave, or null
     * @param factory what was set as the protocol's socket factory
     * @param stats counts changes
     * @param log hears of them
     * @throws IllegalArgumentException if the settings are incomplete or contradict each other; one line
     * @throws CertificateMaterialException if keys or certificates cannot be used; one line
     */
    public Optional<MaterialWatch> resolve(
            @Nullable InjectedTls injected, SocketFactory factory, TransportStats stats, Log log)
            throws CertificateMaterialException, IOException {
        boolean plain = "none".equals(encryption);
        if (!plain && !"tls".equals(encryption)) {
            throw new IllegalArgumentException("encryption=" + encryption + " must be tls or none");
        }
        if (plain) {
            requirePlain(injected, factory);
            return Optional.empty();
        }
        if (namesStores()) {
            return Optional.of(ofAttributes(injected, factory, stats, log));
        }
        if (injected instanceof InjectedTls.Managers managers) {
            return Optional.of(MaterialWatch.over(managers.material(), reloadSettings(), stats, log));
        }
        if (injected instanceof InjectedTls.Files files) {
            return Optional.of(MaterialWatch.over(files.keyStore(), files.trustStore(), reloadSettings(), stats, log));
        }
        throw new IllegalArgumentException("there are no keys for TLS" + unusable(factory) + "; " + HOW_TO);
    }

    /** True if an attribute says where keys or trust lie, or what opens them. */
    public boolean namesStores() {
        return anyKeystore() || anyTruststore();
    }

    private MaterialWatch ofAttributes(
            @Nullable InjectedTls injected, SocketFactory factory, TransportStats stats, Log log)
            throws CertificateMaterialException, IOException {
        if (keystorePath == null || truststorePath == null) {
            String missing = keystorePath == null ? "tls.keystore_path" : "tls.truststore_path";
            throw new IllegalArgumentException(
                    missing + " is missing beside the other attributes of key and trust stores"
                            + (injected == null
                                    ? unusable(factory) + "; " + HOW_TO
                                    : "; set it too, or remove them all to use " + injected.name()));
        }
        StoreFile keyStore = keyStore();
        StoreFile trustStore = new StoreFile(Path.of(truststorePath), or(truststoreType), chars(truststorePassword))
                .configuredBy("tls.truststore_path");
        if (injected != null) {
            TransportMessages.ATTRIBUTES_WIN.to(log, keyStore, trustStore, injected.name());
        }
        return MaterialWatch.over(keyStore, trustStore, reloadSettings(), stats, log);
    }

    private static String unusable(SocketFactory factory) throws IOException {
        return isTls(factory)
                ? "; the TLS socket factory that was set cannot be used, as its keys cannot be read from it"
                : "";
    }

    private StoreFile keyStore() {
        Path keys = Path.of(Objects.requireNonNull(keystorePath));
        if (keystoreKeyPath == null) {
            return new StoreFile(keys, or(keystoreType), chars(keystorePassword)).configuredBy("tls.keystore_path");
        }
        if (!or(keystoreType).equalsIgnoreCase("PEM")) {
            throw new IllegalArgumentException(
                    "keystore_key_path=" + keystoreKeyPath + " needs tls.keystore_type=PEM, not " + or(keystoreType)
                            + ", which keeps the key in tls.keystore_path");
        }
        return StoreFile.pem(keys, Path.of(keystoreKeyPath), chars(keystorePassword))
                .configuredBy("tls.keystore_path");
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

    private void requirePlain(@Nullable InjectedTls injected, SocketFactory factory) throws IOException {
        String contradiction = injected != null
                ? "keys and trust were given, " + injected.name()
                : namesStores() && otherAttribute == null
                        ? "keystore or truststore attributes are set"
                        : otherAttribute != null
                                ? otherAttribute + " is set"
                                : isTls(factory) ? "a TLS socket factory is set" : null;
        if (contradiction != null) {
            throw new IllegalArgumentException("encryption=none, but " + contradiction
                    + "; remove one of the two, nothing goes out in clear until then");
        }
    }

    private boolean anyKeystore() {
        return keystorePath != null || keystoreKeyPath != null || keystoreType != null || keystorePassword != null;
    }

    private boolean anyTruststore() {
        return truststorePath != null || truststoreType != null || truststorePassword != null;
    }

    private static String or(@Nullable String type) {
        return type == null ? DEFAULT_STORE_TYPE : type;
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

    private static char @Nullable [] chars(@Nullable Secret secret) {
        return secret == null ? null : secret.reveal();
    }
}
