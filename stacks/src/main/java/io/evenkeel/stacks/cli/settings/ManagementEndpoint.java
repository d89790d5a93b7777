package io.evenkeel.stacks.cli.settings;

import java.net.URI;
import java.util.Optional;

/**
 * The address of a node's /metrics by Keycloak's options, given that all nodes have the same.
 *
 * @param path without a slash at its end
 */
public record ManagementEndpoint(String scheme, int port, String path) {
    private static final int DEFAULT_PORT = 9000;

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException naming an option and its value
     */
    public static ManagementEndpoint of(KeycloakSettings settings) {
        String option = "http-management-port";
        String port = settings.get(option).orElse(Integer.toString(DEFAULT_PORT));
        if (!port.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException("--" + option + "=" + port + " must be a port");
        }
        boolean https = settings.get("https-certificate-file").isPresent()
                || settings.get("https-key-store-file").isPresent();
        boolean forced =
                settings.get("http-management-scheme").filter("http"::equals).isPresent();
        String path = settings.get("http-management-relative-path")
                .or(() -> settings.get("http-relative-path"))
                .orElse("");
        return new ManagementEndpoint(
                https && !forced ? "https" : "http", Integer.parseInt(port), path.replaceAll("/+$", ""));
    }

    /** The endpoint of the node with this address for the cluster; empty if it is none. */
    public Optional<URI> of(String physicalAddress) {
        int colon = physicalAddress.lastIndexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String host = physicalAddress.substring(0, colon);
        String authority = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        try {
            // No host: a name that is none, with an underscore for one.
            return Optional.of(URI.create(scheme + "://" + authority + ":" + port + path + "/metrics"))
                    .filter(uri -> uri.getHost() != null);
        } catch (IllegalArgumentException e) {
            // A row with an address that is none.
            return Optional.empty();
        }
    }
}
