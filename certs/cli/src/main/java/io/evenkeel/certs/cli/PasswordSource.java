package io.evenkeel.certs.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A password that an operator gives: in a file, or in a variable of the environment. Never on a command line, which all
 * users see.
 */
final class PasswordSource {
    private final @Nullable Path file;
    private final @Nullable String variable;

    /** Both may be null: then there is none. */
    PasswordSource(@Nullable Path file, @Nullable String variable) {
        this.file = file;
        this.variable = variable;
    }

    /** The password; null if none is given. */
    char @Nullable [] read() throws IOException, CommandException {
        if (file != null && variable != null) {
            throw new CommandException(
                    ExitCode.USAGE, "a password is given by a file and by a variable; give one of them", null);
        }
        if (file != null) {
            return read(file);
        }
        if (variable == null) {
            return null;
        }
        String value = System.getenv(variable);
        if (value == null || value.isEmpty()) {
            throw new CommandException("the variable " + variable + " is not set or empty; export the password in it");
        }
        return value.toCharArray();
    }

    /** The first line of a file. */
    static char[] read(Path file) throws IOException, CommandException {
        if (Files.isRegularFile(file) && Files.size(file) > 4096) {
            throw new CommandException(file + ": has more than 4096 bytes; give a file with one line, the password");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw new CommandException(file + ": is empty; put the password into its first line");
        }
        return line.toCharArray();
    }
}
