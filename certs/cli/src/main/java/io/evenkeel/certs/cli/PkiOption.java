package io.evenkeel.certs.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The directory of a cluster's certificates. */
final class PkiOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "pki",
            description = "Directory with the cluster's CA and its nodes (default: ${DEFAULT-VALUE}).")
    private Path directory;

    PkiDirectory directory() {
        return new PkiDirectory(directory);
    }
}
