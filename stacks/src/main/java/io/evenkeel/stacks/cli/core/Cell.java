package io.evenkeel.stacks.cli.core;

import java.util.Optional;

/**
 * A value of the status, or the reason why it is not known.
 *
 * @param text for people; a question mark if it is not known
 * @param unknown the reason
 */
public record Cell(String text, Optional<String> unknown) {
    static Cell of(String text) {
        return new Cell(text, Optional.empty());
    }

    static Cell unknown(String reason) {
        return new Cell("?", Optional.of(reason));
    }
}
