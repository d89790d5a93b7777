package io.evenkeel.protocols.pacing.core;

/** The fate of a message that was offered to a {@link BulkFlow}. */
public enum Offer {
    /** It is in the queue; {@link BulkFlow#next} releases it. */
    QUEUED,
    /** To be sent as it is: pacing is turned off. */
    PASS_DISABLED,
    /** To be sent as it is: the peer does not answer probes, it is overloaded or without STATE_FC. */
    PASS_SILENT_PEER,
    /**
     * To be sent as it is: it is not for one other member, or that one has left; who waits for an answer learns it from
     * below.
     */
    PASS_GONE,
    /** To be sent as it is, after {@link BulkFlow#nextOverflowing} has emptied the queue: there is no room. */
    OVERFLOW
}
