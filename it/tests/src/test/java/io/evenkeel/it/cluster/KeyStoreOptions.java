package io.evenkeel.it.cluster;

import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.TestCa;

/** Keycloak's options for a cluster's keys and trust in files. */
final class KeyStoreOptions {
    static final String KEY_STORE_PASSWORD = "KC_CACHE_EMBEDDED_MTLS_KEY_STORE_PASSWORD";
    static final String TRUST_STORE_PASSWORD = "KC_CACHE_EMBEDDED_MTLS_TRUST_STORE_PASSWORD";

    private KeyStoreOptions() {}

    /**
     * The node with the stores of the directory.
     *
     * @param ending of the stores' names
     * @param password of both
     */
    static NodeConfig with(NodeConfig config, TestCa keys, String ending, String password) {
        return config.withOption("--cache-embedded-mtls-key-store-file=" + keys.file("keys." + ending))
                .withOption("--cache-embedded-mtls-trust-store-file=" + keys.file("trust." + ending))
                .withEnvironment(KEY_STORE_PASSWORD, password)
                .withEnvironment(TRUST_STORE_PASSWORD, password);
    }
}
