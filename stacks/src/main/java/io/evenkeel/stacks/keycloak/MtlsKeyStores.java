package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.StoreFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.config.CachingOptions;
import org.keycloak.config.Option;

/**
 * The files of Keycloak's options {@code --cache-embedded-mtls-key-store-file} and {@code -trust-store-file}. Keycloak
 * takes PKCS12 only; the ending {@code .bcfks} or {@code .jks} stands for that type here.
 */
record MtlsKeyStores(StoreFile keyStore, StoreFile trustStore) {

    private static final String KEY_STORE = "keystoreFile";
    private static final String KEY_STORE_PASSWORD = "keystorePassword";
    private static final String TRUST_STORE = "truststoreFile";
    private static final String TRUST_STORE_PASSWORD = "truststorePassword";

    /**
     * Reads them from the configuration of Keycloak's certificate provider.
     *
     * @return empty if neither file is set: Keycloak makes certificates by itself then
     * @throws IllegalArgumentException if only some are set, naming the one that is missing
     */
    static Optional<MtlsKeyStores> of(Config.Scope config) {
        if (!areSet(config)) {
            return Optional.empty();
        }
        return Optional.of(new MtlsKeyStores(
                store(
                        config,
                        KEY_STORE,
                        CachingOptions.CACHE_EMBEDDED_MTLS_KEYSTORE,
                        KEY_STORE_PASSWORD,
                        CachingOptions.CACHE_EMBEDDED_MTLS_KEYSTORE_PASSWORD),
                store(
                        config,
                        TRUST_STORE,
                        CachingOptions.CACHE_EMBEDDED_MTLS_TRUSTSTORE,
                        TRUST_STORE_PASSWORD,
                        CachingOptions.CACHE_EMBEDDED_MTLS_TRUSTSTORE_PASSWORD)));
    }

    static boolean areSet(Config.Scope config) {
        return config.get(KEY_STORE) != null || config.get(TRUST_STORE) != null;
    }

    private static StoreFile store(
            Config.Scope config, String fileKey, Option<?> file, String passwordKey, Option<?> password) {
        String path = required(config, fileKey, file);
        return new StoreFile(
                        Path.of(path),
                        type(path),
                        required(config, passwordKey, password).toCharArray())
                .configuredBy("--" + file.getKey() + " and --" + password.getKey());
    }

    private static String type(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".bcfks") ? "BCFKS" : name.endsWith(".jks") ? "JKS" : "PKCS12";
    }

    private static String required(Config.Scope config, String key, Option<?> option) {
        String value = config.get(key);
        if (value == null) {
            throw KeycloakOption.refusal("--" + option.getKey() + " is missing: key store, trust store and their"
                    + " passwords belong together");
        }
        return value;
    }
}
