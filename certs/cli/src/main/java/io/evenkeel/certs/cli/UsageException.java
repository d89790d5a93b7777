package io.evenkeel.certs.cli;

/** An argument or an option's value that is none: the command line is wrong, whatever the files are. */
final class UsageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
