package io.evenkeel.certs.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The password of the CA's key. */
final class CaPasswordOption {
    @Option(
            names = "--ca-password-file",
            paramLabel = "FILE",
            description =
                    "File with the password of the CA's key in its first line. Default: ca.password beside the key, "
                            + "which is made with a random one if there is none.")
    private Path file;

    @Option(
            names = "--ca-password-env",
            paramLabel = "NAME",
            description = "Variable of the environment with the password of the CA's key.")
    private String variable;

    PasswordSource source() {
        return new PasswordSource(file, variable);
    }
}
