package io.evenkeel.certs.core;

/** True if a peer whose certificate is trusted may take part in this cluster, and why. */
public sealed interface PeerVerdict {

    /**
     * The peer may take part.
     *
     * @param pattern the pattern that let it in, or "any" where there are none
     */
    record Accepted(String pattern) implements PeerVerdict {}

    /**
     * The peer may not take part.
     *
     * @param reason for counters
     * @param message one line for the log: who, why, what to do
     */
    record Refused(Reason reason, String message) implements PeerVerdict {}

    /** The reason for a refusal. */
    enum Reason {
        /** It bears names, none of which is allowed. */
        NAME_NOT_ALLOWED,
        /** It bears no name of a kind that the patterns ask for. */
        NO_NAME,
        /** Its names cannot be read. */
        UNREADABLE_NAME
    }
}
