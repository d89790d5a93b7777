package io.evenkeel.protocols.wire;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jgroups.util.SocketFactory;

/**
 * Where keys and trust come from, and the rule that nothing is ever sent in clear unless that was asked for by name.
 *
 * @param encryption {@code tls} or {@code none}
 */
public record TlsAttributes(
        String encryption,
        String keystorePath,
        String keystoreType,
        Secret keystorePassword,
        String truststorePath,
        String truststoreType,
        Secret truststorePassword) {

    private static final String HOW_TO =
            "set keystore_path, keystore_password, truststore_path and truststore_password,"
                    + " or inject TlsMaterial, or ask for plain text by name with encryption=\"none\"";

    /**
     * The material to use, or empty for plain text.
     *
     * @param injected from setTlsMaterial, or null
     * @param factory what was set as the protocol's socket factory
     * @throws IllegalArgumentException if the settings are incomplete or contradict each other; one line
     * @throws CertificateMaterialException if keys or certificates cannot be used; one line
     */
    public Optional<TlsMaterial> resolve(TlsMaterial injected, SocketFactory factory)
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
            return Optional.of(injected);
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
        return Optional.of(TlsMaterial.fromStores(
                new StoreFile(Path.of(keystorePath), keystoreType, chars(keystorePassword)),
                new StoreFile(Path.of(truststorePath), truststoreType, chars(truststorePassword))));
    }

    private void requirePlain(TlsMaterial injected, SocketFactory factory) throws IOException {
        String contradiction = injected != null
                ? "TlsMaterial was injected"
                : anySet()
                        ? "keystore or truststore attributes are set"
                        : isTls(factory) ? "a TLS socket factory is set" : null;
        if (contradiction != null) {
            throw new IllegalArgumentException("encryption=none, but " + contradiction
                    + "; remove one of the two, nothing goes out in clear until then");
        }
    }

    private boolean anySet() {
        return keystorePath != null || keystorePassword != null || truststorePath != null || truststorePassword != null;
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
