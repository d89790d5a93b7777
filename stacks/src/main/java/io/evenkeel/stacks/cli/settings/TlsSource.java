package io.evenkeel.stacks.cli.settings;

import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.core.PeerPolicy;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Keys, trust and rules about peers with which a node of this host would start, by Keycloak's options and the pack's.
 *
 * @param kind where keys and trust come from
 * @param keyStore of kind FILES
 * @param trustStore of kind FILES
 * @param authorizedPeers the rules about names
 * @param bindIdentityToAddress whether a node's address must be in its certificate
 */
public record TlsSource(
        Kind kind,
        Optional<StoreFile> keyStore,
        Optional<StoreFile> trustStore,
        PeerPolicy authorizedPeers,
        boolean bindIdentityToAddress) {

    /** The source of keys and trust. */
    public enum Kind {
        /** Key stores of Keycloak's options, or PEM files of the pack's. */
        FILES,
        /** Keycloak's automatic certificates, in its database. */
        AUTOMATIC,
        /** Mutual TLS is off. */
        OFF
    }

    private static final String PACK = "spi-cache-embedded--default--evenkeel-";
    private static final String MTLS = "cache-embedded-mtls-";

    /**
     * Reads them, in the order in which they win.
     *
     * @throws IllegalArgumentException naming an option that is missing or wrong
     */
    public static TlsSource of(KeycloakSettings settings) {
        PeerPolicy peers = PeerPolicy.parse(
                "--" + PACK + "authorized-peers",
                settings.get(PACK + "authorized-peers").orElse(null));
        boolean bind = settings.flag(PACK + "bind-identity-to-address", false);
        Optional<String> pem = settings.get(PACK + "tls-certificate-file");
        if (pem.isPresent()) {
            return files(pem(settings, pem.get()), trust(settings), peers, bind);
        }
        if (!settings.flag(MTLS + "enabled", true)) {
            return new TlsSource(Kind.OFF, Optional.empty(), Optional.empty(), peers, bind);
        }
        if (settings.get(MTLS + "key-store-file").isPresent()) {
            return files(store(settings, "key-store"), store(settings, "trust-store"), peers, bind);
        }
        return new TlsSource(Kind.AUTOMATIC, Optional.empty(), Optional.empty(), peers, bind);
    }

    private static TlsSource files(StoreFile keyStore, StoreFile trustStore, PeerPolicy peers, boolean bind) {
        return new TlsSource(Kind.FILES, Optional.of(keyStore), Optional.of(trustStore), peers, bind);
    }

    private static StoreFile pem(KeycloakSettings settings, String certificate) {
        return StoreFile.pem(
                        Path.of(certificate),
                        Path.of(settings.get(PACK + "tls-key-file").orElse(certificate)),
                        settings.get(PACK + "tls-key-password")
                                .map(String::toCharArray)
                                .orElse(null))
                .configuredBy("--" + PACK + "tls-certificate-file");
    }

    private static StoreFile trust(KeycloakSettings settings) {
        String option = PACK + "tls-trust-file";
        return new StoreFile(Path.of(required(settings, option)), "PEM", null).configuredBy("--" + option);
    }

    private static StoreFile store(KeycloakSettings settings, String role) {
        String file = required(settings, MTLS + role + "-file");
        String name = file.toLowerCase(Locale.ROOT);
        return new StoreFile(
                        Path.of(file),
                        name.endsWith(".bcfks") ? "BCFKS" : name.endsWith(".jks") ? "JKS" : "PKCS12",
                        required(settings, MTLS + role + "-password").toCharArray())
                .configuredBy("--" + MTLS + role + "-file");
    }

    private static String required(KeycloakSettings settings, String option) {
        return settings.get(option)
                .orElseThrow(() -> new IllegalArgumentException("--" + option
                        + " is missing: key store, trust store and their passwords belong together;"
                        + " give it as for kc.sh start"));
    }
}
