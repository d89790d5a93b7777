package io.evenkeel.protocols.log;

import java.util.Locale;
import org.jgroups.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log, or the reason that ends a start, with the id under which docs/reference/messages.md explains it.
 *
 * <p>An id keeps its meaning for ever: the words may change, and an id that is out of use is given to no other message.
 *
 * @param id such as {@code EVK0101}, before each line
 * @param format as of {@link String#format}
 * @param cause of the line
 * @param remedy for the operator
 */
public record LogMessage(String id, Level level, String format, String cause, String remedy) {

    /** The weight of a message. */
    public enum Level {
        /** A transition. */
        INFO,
        /** To be looked at; the member goes on. */
        WARN,
        /** To be acted upon; the member goes on. */
        ERROR,
        /** Ends the start. It is thrown, and the program that started the member logs it. */
        REFUSAL
    }

    public static LogMessage info(int number, String format, String cause, String remedy) {
        return of(number, Level.INFO, format, cause, remedy);
    }

    public static LogMessage warn(int number, String format, String cause, String remedy) {
        return of(number, Level.WARN, format, cause, remedy);
    }

    public static LogMessage error(int number, String format, String cause, String remedy) {
        return of(number, Level.ERROR, format, cause, remedy);
    }

    public static LogMessage refusal(int number, String format, String cause, String remedy) {
        return of(number, Level.REFUSAL, format, cause, remedy);
    }

    private static LogMessage of(int number, Level level, String format, String cause, String remedy) {
        return new LogMessage(String.format(Locale.ROOT, "EVK%04d", number), level, format, cause, remedy);
    }

    /** The line, with its id. */
    public String text(@Nullable Object... args) {
        return id + ": " + String.format(Locale.ROOT, format, args);
    }

    /** Writes the line at its level. */
    public void to(Log log, @Nullable Object... args) {
        write(log, text(args), null);
    }

    /** Writes the line at its level, with a trace of the stack. */
    public void withTraceTo(Log log, Throwable trace, @Nullable Object... args) {
        write(log, text(args), trace);
    }

    /** @param trace null for none; INFO has none */
    void write(Log log, String text, @Nullable Throwable trace) {
        switch (level) {
            case INFO -> log.info(text);
            case WARN -> {
                if (trace == null) {
                    log.warn(text);
                } else {
                    log.warn(text, trace);
                }
            }
            case ERROR, REFUSAL -> {
                if (trace == null) {
                    log.error(text);
                } else {
                    log.error(text, trace);
                }
            }
        }
    }
}
