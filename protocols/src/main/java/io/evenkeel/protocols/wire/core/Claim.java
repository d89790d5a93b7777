package io.evenkeel.protocols.wire.core;

import java.nio.ByteBuffer;

/**
 * Who may speak for an address that somebody speaks for already: a certificate of the cluster's authority does not say
 * which address is its owner's, so a HELLO alone must not take a connection from a living member.
 *
 * <p>The one who is connected is asked whether the new connection is his; only he knows the random number of his attempt.
 * If he does not answer, or another incarnation claims the address, the address itself is dialled, and whoever answers
 * there is its owner (return routability, as in RFC 9000, section 8.2).
 */
public final class Claim {
    private static final int ANSWER_BYTES = Long.BYTES + 1;

    private Claim() {}

    /** What to do about a claim. */
    public enum Step {
        ADMIT,
        /** Ask the one who is connected. */
        ASK,
        /** Dial the address and see who answers. */
        DIAL_BACK,
        REFUSE
    }

    /** What the one who was asked says about an attempt to connect. */
    public enum Answer {
        /** It is mine and still under way. */
        MINE(1),
        /** It was mine, I have another connection now. */
        GIVEN_UP(2),
        NOT_MINE(3);

        private final byte code;

        Answer(int code) {
            this.code = (byte) code;
        }

        /** The body of an ANSWER frame. */
        public byte[] encode(long attempt) {
            return ByteBuffer.allocate(ANSWER_BYTES).putLong(attempt).put(code).array();
        }

        /** Reads what follows the attempt's number in an ANSWER frame. */
        public static Answer decode(ByteBuffer in) {
            byte code = in.hasRemaining() ? in.get() : 0;
            for (Answer each : values()) {
                if (each.code == code) {
                    return each;
                }
            }
            throw new ProtocolViolationException("unknown answer " + code);
        }
    }

    /** Reads the number of an attempt, with which the bodies of ASK and ANSWER frames begin. */
    public static long attempt(ByteBuffer in) {
        if (in.remaining() < Long.BYTES) {
            throw new ProtocolViolationException("no number of an attempt");
        }
        return in.getLong();
    }

    /**
     * What to do first.
     *
     * @param connected whether somebody is connected from the address
     * @param member whether the one who was last known there is in the current view
     * @param sameProcess whether the newcomer bears that one's incarnation; true if nobody is known
     */
    public static Step first(boolean connected, boolean member, boolean sameProcess) {
        if (!sameProcess && (connected || member)) {
            return Step.DIAL_BACK;
        }
        return connected ? Step.ASK : Step.ADMIT;
    }

    /** What to do when the one who was asked has answered. */
    public static Step next(Answer answer) {
        return answer == Answer.MINE ? Step.ADMIT : Step.REFUSE;
    }

    /** What to do when the address was dialled and a process of this incarnation answered there. */
    public static Step next(long claimedIncarnation, long foundIncarnation) {
        return claimedIncarnation == foundIncarnation ? Step.ADMIT : Step.REFUSE;
    }
}
