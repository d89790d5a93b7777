package io.evenkeel.protocols.pacing;

/**
 * The knowledge whether a member can read headers of this pack. A header of a class that a receiver does not have costs
 * it all messages that came in the same frame, and an ERROR in its log.
 */
public enum HeaderSupport {
    PRESENT,
    /** It is a member on JGroups alone. */
    ABSENT,
    /** Nothing with such a header may go to it yet. */
    UNKNOWN
}
