package io.evenkeel.certs.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** The output of a command for its user. */
final class Output {
    private final PrintWriter out;

    Output(CommandSpec spec) {
        out = spec.commandLine().getOut();
    }

    void line(String text) {
        out.println(text);
    }

    void blank() {
        out.println();
    }

    /** For a command to be copied: names the directory unless it is the default. */
    String directoryOption(PkiDirectory directory) {
        return directory.root().equals(Path.of("pki")) ? "" : " --dir " + directory.root();
    }

    /** The options of Keycloak and the attributes of a stack with which a node uses its files. */
    void options(ClusterState state, NodeFiles node) throws CommandException {
        Path pem = node.directory().toAbsolutePath().normalize();
        if (node.hasKey() && node.hasStores()) {
            line("keycloak.conf of " + node.name() + ", with key stores:");
            line("  cache-embedded-mtls-key-store-file=" + absolute(node.keyStore()));
            line("  cache-embedded-mtls-trust-store-file=" + absolute(node.trustStore()));
            line("and in its environment:");
            password("KC_CACHE_EMBEDDED_MTLS_KEY_STORE_PASSWORD", node.keyStorePassword());
            password("KC_CACHE_EMBEDDED_MTLS_TRUST_STORE_PASSWORD", node.trustStorePassword());
            line("Or with PEM, on a stack with TCP_NETTY:");
        } else {
            line("keycloak.conf of " + node.name() + ", on a stack with TCP_NETTY:");
        }
        String prefix = "  spi-cache-embedded--default--evenkeel-";
        line(prefix + "tls-certificate-file=" + pem.resolve("tls.crt"));
        line(prefix + "tls-key-file=" + pem.resolve("tls.key"));
        line(prefix + "tls-trust-file=" + pem.resolve("ca.crt"));
        line("Either way, to let in this cluster's nodes only:");
        line(prefix + "authorized-peers=" + state.authorizedPeers());
        line("The same in the stack's XML:");
        line("  <io.evenkeel.protocols.TCP_NETTY tls.keystore_type=\"PEM\" tls.keystore_path=\""
                + pem.resolve("tls.crt") + "\"");
        line("      keystore_key_path=\"" + pem.resolve("tls.key")
                + "\" tls.truststore_type=\"PEM\" tls.truststore_path=\"" + pem.resolve("ca.crt") + "\"");
        line("      authorized_peers=\"" + state.authorizedPeers() + "\"/>");
    }

    private void password(String variable, Path file) {
        // Not there if the operator gave the password.
        line("  " + variable + "=" + (Files.exists(file) ? "\"$(cat " + absolute(file) + ")\"" : "..."));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
