package io.evenkeel.protocols.property;

import io.evenkeel.protocols.log.GeneralMessages;
import io.evenkeel.protocols.log.LogMessage;
import org.jgroups.stack.Protocol;

/** The id and the protocol's name before what its configuration is refused for: a stack has a dozen protocols. */
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
     * @throws IllegalArgumentException as the step throws it, with an id and the protocol's name before its message
     */
    public static void named(Protocol protocol, Step step) throws Exception {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            throw named(protocol, e);
        }
    }

    /** The error with an id and the protocol's name before its message, unless they are there. */
    public static IllegalArgumentException named(Protocol protocol, IllegalArgumentException error) {
        LogMessage refused = GeneralMessages.ATTRIBUTES_REFUSED;
        String name = protocol.getClass().getSimpleName();
        String message = String.valueOf(error.getMessage());
        if (message.startsWith(refused.id())) {
            return error;
        }
        String named = message.startsWith(name) ? message : name + ": " + message;
        return new IllegalArgumentException(refused.text(named), error.getCause());
    }
}
