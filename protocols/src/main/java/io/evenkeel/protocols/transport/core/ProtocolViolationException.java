package io.evenkeel.protocols.transport.core;

/** The peer sent something that this format does not allow; the message says what. Its connection ends. */
public final class ProtocolViolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProtocolViolationException(String message) {
        super(message);
    }
}
