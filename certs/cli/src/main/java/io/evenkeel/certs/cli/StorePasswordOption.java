package io.evenkeel.certs.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The password of the nodes' key stores and trust stores. */
final class StorePasswordOption {
    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File with the password of key stores and trust stores in its first line. Default: "
                    + "a random one for each store, in a file beside it that only its owner can read.")
    private Path file;

    @Option(
            names = "--password-env",
            paramLabel = "NAME",
            description = "Variable of the environment with the password of key stores and trust stores.")
    private String variable;

    PasswordSource source() {
        return new PasswordSource(file, variable);
    }
}
