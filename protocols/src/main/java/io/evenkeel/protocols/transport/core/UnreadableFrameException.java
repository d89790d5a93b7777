package io.evenkeel.protocols.transport.core;

/**
 * A frame of a known peer whose messages cannot be read. The stream behind it is sound, so that one such frame, as of a
 * version with other headers, does not end the connection. The message is one line.
 */
public final class UnreadableFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableFrameException(String message) {
        super(message);
    }

    public UnreadableFrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
