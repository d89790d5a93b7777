package io.evenkeel.protocols.log;

/** Messages of STATE_FC: EVK0301 to EVK0399. */
public final class PacingMessages {
    public static final LogMessage STATE_UNRECOGNISED = LogMessage.warn(
            301,
            "%s: %s came from other members, and nothing of it was recognised as state transfer: it is not paced, users"
                    + " may feel it. Put protocols that encrypt or compress below STATE_FC, or use a release of"
                    + " Evenkeel that knows the version of what is stored here",
            "A protocol above STATE_FC, such as SYM_ENCRYPT or COMPRESS, hides what the messages are; or Infinispan"
                    + " moved state in commands that this release does not know.",
            "Put that protocol below STATE_FC; or take a release of Evenkeel for the version of Infinispan that runs.");

    public static final LogMessage CLASSIFIER_UNUSABLE = LogMessage.warn(
            302,
            "%s: %s is not usable, its bulk is treated as foreground: %s",
            "A service of io.evenkeel.protocols.pacing.BulkClassifier cannot be loaded.",
            "Look at the class that the line names: it is of another version, or its jar is damaged.");

    public static final LogMessage CLASSIFIER_FAILED = LogMessage.warn(
            303,
            "%s failed, its bulk is treated as foreground: %s",
            "A classifier threw an exception. Written once, then counted.",
            "Report it if the class is of io.evenkeel; else mend the class.");

    public static final LogMessage PART_REFUSED = LogMessage.warn(
            304,
            "%s: a part of a message of %s is not taken, run the same version on all members: %s",
            "A part of state that contradicts the parts before it.",
            "Run the same jar on all members; report it if it does.");

    public static final LogMessage PEER_UNPACED = LogMessage.warn(
            305,
            "%s: %s leaves the probes of STATE_FC unanswered, it is overloaded or without STATE_FC: state goes to it"
                    + " unpaced until it answers",
            "A member has not answered for a second.",
            "None if EVK0306 follows. Else look at its processor, and whether STATE_FC is in its stack.");

    public static final LogMessage PEER_PACED_AGAIN = LogMessage.info(
            306,
            "%s: STATE_FC of %s answers: state to it is paced from now on",
            "The state of EVK0305 has ended.",
            "None.");

    public static final LogMessage PEER_GONE = LogMessage.info(
            307,
            "%s: %s is gone, %d messages of state transfer for it are dropped",
            "A member left or died while state for it waited.",
            "None.");

    public static final LogMessage HANDLER_FAILED = LogMessage.error(
            308,
            "failed handling state from %s: %s",
            "What handles state in Infinispan or an application threw an exception.",
            "Look at the exception; the state that was in this message is missing until the next rebalance.");

    private PacingMessages() {}
}
