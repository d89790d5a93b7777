package io.evenkeel.certs.cli;

import io.evenkeel.certs.core.LogText;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Ends a command with one line, where and what to do, and an exit code. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(LogText.oneLine(message), cause);
        this.exitCode = exitCode;
    }

    CommandException(String message) {
        this(ExitCode.FAILED, message, null);
    }

    static CommandException exists(Path file, String remedy) {
        return new CommandException(ExitCode.EXISTS, file + " exists already; " + remedy, null);
    }

    int exitCode() {
        return exitCode;
    }
}
