package io.evenkeel.protocols.property;

import org.jgroups.stack.Protocol;

/** The protocol's name before what its configuration is refused for: a stack has a dozen protocols, a log hundreds of lines. */
public final class ProtocolErrors {

    /** A part of a protocol's start that may refuse its configuration. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    private ProtocolErrors() {}

    /**
     * Runs a step of a protocol.
     *
     * @throws IllegalArgumentException as the step throws it, with the protocol's name before its message
     */
    public static void named(Protocol protocol, Step step) throws Exception {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            throw named(protocol, e);
        }
    }

    /** The error with the protocol's name before its message, unless it is there. */
    public static IllegalArgumentException named(Protocol protocol, IllegalArgumentException error) {
        String name = protocol.getClass().getSimpleName();
        String message = String.valueOf(error.getMessage());
        return message.startsWith(name) ? error : new IllegalArgumentException(name + ": " + message, error.getCause());
    }
}
