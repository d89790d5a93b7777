package io.evenkeel.certs.cli;

import picocli.CommandLine.Option;

/** The validity of nodes' certificates. */
final class DaysOption {
    @Option(
            names = "--days",
            paramLabel = "DAYS",
            defaultValue = "365",
            description = "How long the certificates are valid (default: ${DEFAULT-VALUE}).")
    private int days;

    int days() {
        return days;
    }
}
