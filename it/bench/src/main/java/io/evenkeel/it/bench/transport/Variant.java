package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.worker.KeyFiles;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variant that is measured: a transport and the protection of its traffic. Everything else in the stack is the
 * same.
 */
enum Variant {
    STOCK_CLEAR("TCP, clear", "TCP", "tls.enabled", "false"),
    STOCK_TLS("TCP, mutual TLS", "TCP", "tls.enabled", "true"),
    NETTY_TLS("TCP_NETTY, mutual TLS", Variant.NETTY, "tls_provider", "openssl"),
    NETTY_CLEAR("TCP_NETTY, clear", Variant.NETTY, "encryption", "none"),
    NETTY_JDK_TLS("TCP_NETTY, mutual TLS of the JDK", Variant.NETTY, "tls_provider", "jdk");

    private static final String NETTY = "io.evenkeel.protocols.TCP_NETTY";

    private final String label;
    private final String element;
    private final String attribute;
    private final String value;

    Variant(String label, String element, String attribute, String value) {
        this.label = label;
        this.element = element;
        this.attribute = attribute;
        this.value = value;
    }

    String label() {
        return label;
    }

    /** The XML element of the transport. */
    String element() {
        return element;
    }

    /** Its attributes, without those that all variants share. */
    Map<String, String> attributes(KeyFiles keys) {
        Map<String, String> all = new TreeMap<>(Map.of(attribute, value));
        switch (this) {
            case STOCK_TLS -> {
                // What Keycloak sets for --cache-embedded-mtls-enabled.
                all.putAll(Map.of("tls.client_auth", "NEED", "tls.protocols", "TLSv1.3"));
                all.putAll(keys.attributes());
            }
            case NETTY_TLS, NETTY_JDK_TLS -> all.putAll(keys.attributes());
            case STOCK_CLEAR, NETTY_CLEAR -> {}
        }
        if (element.equals("TCP")) {
            // JGroups' default, and what its author measures with.
            all.put("bundler_type", "transfer-queue");
        }
        return all;
    }
}
