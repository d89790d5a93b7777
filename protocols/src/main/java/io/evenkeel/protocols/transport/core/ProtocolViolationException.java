package io.evenkeel.protocols.transport.core;

/** The peer sent something that this format does not allow; the message says what. Its connection ends. */
public final class ProtocolViolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal.Reason reason;

    public ProtocolViolationException(String message) {
        this(Refusal.Reason.BAD_FRAME, message);
    }

    ProtocolViolationException(Refusal.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The kind of refusal that it ends in. */
    public Refusal.Reason reason() {
        return reason;
    }
}
