package io.evenkeel.it.node;

import java.util.List;

/**
 * Something that the user can act on: the message is one clear line, the details are lines of a log that show the
 * cause. The launcher prints both without a stack trace and exits with 1.
 */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> details;

    public RunException(String message) {
        this(message, List.of());
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
        this.details = List.of();
    }

    public RunException(String message, List<String> details) {
        super(message);
        this.details = List.copyOf(details);
    }

    public List<String> details() {
        return details;
    }

    /** With the details: the report of a test has nothing else of the log. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message stays one line, for the launcher's users
    public String toString() {
        return details.isEmpty() ? super.toString() : super.toString() + "\n    " + String.join("\n    ", details);
    }
}
