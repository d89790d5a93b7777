package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.StoreFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The pack's own options for TLS between the nodes: PEM files and the peers that may take part, without any XML. They
 * are {@code --spi-cache-embedded--default--evenkeel-*}.
 *
 * @param keyStore the PEM files of {@code evenkeel-tls-certificate-file} and {@code evenkeel-tls-key-file}
 * @param trustStore the PEM file of {@code evenkeel-tls-trust-file}; there if and only if the key store is
 * @param authorizedPeers as TCP_NETTY's {@code authorized_peers}
 * @param bindIdentityToAddress as TCP_NETTY's {@code bind_identity_to_address}
 */
record TlsOptions(
        Optional<StoreFile> keyStore,
        Optional<StoreFile> trustStore,
        Optional<String> authorizedPeers,
        Optional<Boolean> bindIdentityToAddress) {

    private static final Option CERTIFICATE = new Option("evenkeelTlsCertificateFile");
    private static final Option KEY = new Option("evenkeelTlsKeyFile");
    private static final Option KEY_PASSWORD = new Option("evenkeelTlsKeyPassword");
    private static final Option TRUST = new Option("evenkeelTlsTrustFile");
    private static final Option PEERS = new Option("evenkeelAuthorizedPeers");
    private static final Option BIND = new Option("evenkeelBindIdentityToAddress");

    /** An option, by the key that Keycloak's configuration is asked for. */
    private record Option(String key) {
        String name() {
            return KeycloakOption.optionName(key);
        }

        Optional<String> read(Config.Scope config) {
            String value = config.get(key);
            if (value != null && value.isBlank()) {
                throw KeycloakOption.refusal(this + " is empty; give it a value, or remove it");
            }
            return Optional.ofNullable(value).map(String::strip);
        }

        @Override
        public String toString() {
            return KeycloakOption.PREFIX + name();
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the option and what is wrong with it: empty, incomplete
     */
    static TlsOptions of(Config.Scope config) {
        Optional<String> certificate = CERTIFICATE.read(config);
        Optional<String> key = KEY.read(config);
        Optional<String> password = KEY_PASSWORD.read(config);
        Optional<String> trust = TRUST.read(config);
        if (certificate.isPresent() || trust.isPresent()) {
            require(certificate, CERTIFICATE, TRUST);
            require(trust, TRUST, CERTIFICATE);
        } else {
            refuseAlone(key, KEY);
            refuseAlone(password, KEY_PASSWORD);
        }
        char[] secret = password.map(String::toCharArray).orElse(null);
        return new TlsOptions(
                certificate.map(path -> StoreFile.pem(Path.of(path), Path.of(key.orElse(path)), secret)
                        .configuredBy(key.isPresent() ? CERTIFICATE + " and " + KEY.name() : CERTIFICATE.toString())),
                trust.map(path -> new StoreFile(Path.of(path), "PEM", null).configuredBy(TRUST.toString())),
                PEERS.read(config),
                BIND.read(config)
                        .map(text -> KeycloakOption.parse(
                                BIND.key(), text, KeycloakOption::trueOrFalse, "be true or false")));
    }

    /** True if any of them is set. */
    boolean any() {
        return keyStore.isPresent() || authorizedPeers.isPresent() || bindIdentityToAddress.isPresent();
    }

    /** The names of those that are set, for a refusal. */
    String set() {
        return Stream.of(
                        keyStore.map(store -> CERTIFICATE),
                        authorizedPeers.map(peers -> PEERS),
                        bindIdentityToAddress.map(flag -> BIND))
                .flatMap(Optional::stream)
                .findFirst()
                .map(Option::toString)
                .orElse("");
    }

    /** True if an attribute of TCP_NETTY is one of those that say where keys and trust lie. */
    static boolean isStoreAttribute(String name) {
        // Without the prefix they are the names of former versions.
        String plain = name.startsWith("tls.") ? name.substring("tls.".length()) : name;
        return plain.startsWith("keystore_") || plain.startsWith("truststore_");
    }

    static String authorizedPeersOption() {
        return PEERS.toString();
    }

    static String bindIdentityOption() {
        return BIND.toString();
    }

    private static void require(Optional<String> value, Option missing, Option set) {
        if (value.isEmpty()) {
            throw KeycloakOption.refusal(set + " is set without " + missing + "; set both, or neither");
        }
    }

    private static void refuseAlone(Optional<String> value, Option option) {
        if (value.isPresent()) {
            throw KeycloakOption.refusal(
                    option + " is set without " + CERTIFICATE + " and " + TRUST + "; set them too, or remove it");
        }
    }

    /** The text that Keycloak shows of them. */
    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder all = ProviderConfigurationBuilder.create();
        describe(
                all,
                CERTIFICATE,
                ProviderConfigProperty.STRING_TYPE,
                "PEM file with this node's certificate for the cluster and the issuers of it; reloaded when it"
                        + " changes.");
        describe(
                all,
                KEY,
                ProviderConfigProperty.STRING_TYPE,
                "PEM file with the private key to it; not needed if the certificate file holds the key.");
        all.property()
                .name(KEY_PASSWORD.key())
                .type(ProviderConfigProperty.PASSWORD)
                .secret(true)
                .helpText("Password of the private key, if it is encrypted.")
                .add();
        describe(
                all,
                TRUST,
                ProviderConfigProperty.STRING_TYPE,
                "PEM file with the certificates of the authorities that sign the nodes' certificates.");
        describe(
                all,
                PEERS,
                ProviderConfigProperty.STRING_TYPE,
                "Patterns, separated by semicolons, one of which a node's certificate must fit, such as"
                        + " dns:*.kc.example.");
        describe(
                all,
                BIND,
                ProviderConfigProperty.BOOLEAN_TYPE,
                "Whether a node's address must be among the IP addresses in its certificate.");
        return all.build();
    }

    private static void describe(ProviderConfigurationBuilder all, Option option, String type, String help) {
        KeycloakOption.describe(all, option.key(), type, help);
    }
}
