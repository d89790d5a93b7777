package io.evenkeel.protocols.transport.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a peer's claim to an address and to a member's id: a certificate of the cluster's authority does not
 * say which of them are its owner's, so a HELLO alone must not take a living member's place.
 *
 * <p>Whatever listens at an address owns it (return routability, as in RFC 9000, section 8.2). So a claim is proved by
 * dialling the address and asking there for the number of the attempt, which is random and was told to no other
 * process. It is believed without that only where nothing is at stake: for an address that no member has.
 */
public final class Claim {
    private static final int ANSWER_BYTES = Long.BYTES + 1;

    private Claim() {}

    /** The next step about a claim. */
    public enum Step {
        ADMIT,
        /** Ask over the connection that is open. */
        ASK,
        /** Dial the address and ask there. */
        DIAL_BACK,
        REFUSE
    }

    /** The answer to the question whose attempt to connect it is. */
    public enum Answer {
        /** It is mine, and under way or in use. */
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

        /** The body of an ACCEPT frame that answers the challenge of a HELLO. */
        public byte[] encode() {
            return new byte[] {code};
        }

        /** Reads the last byte of an ANSWER frame, or the only one of an ACCEPT frame. */
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
     * The facts about a claim.
     *
     * @param memberElsewhere whether the claimed member id is known at another address: an id never moves
     * @param connected whether there is a connection from the claimed address
     * @param atStake whether the address or the id is a member's, or another connection from the address is about to
     *     open
     * @param sameProcess whether the newcomer bears the incarnation that was last known there; true if none is known
     */
    public record Facts(boolean memberElsewhere, boolean connected, boolean atStake, boolean sameProcess) {}

    /** The first step. */
    public static Step first(Facts facts) {
        if (facts.memberElsewhere) {
            return Step.REFUSE;
        }
        if (facts.connected) {
            return facts.sameProcess ? Step.ASK : Step.DIAL_BACK;
        }
        return facts.atStake ? Step.DIAL_BACK : Step.ADMIT;
    }

    /**
     * The step after an answer over the connection that is open.
     *
     * @param proven whether that connection was proved to be the address's owner's; another one may deny what it likes
     */
    public static Step asked(Answer answer, boolean proven) {
        if (answer == Answer.MINE) {
            return Step.ADMIT;
        }
        return proven ? Step.REFUSE : Step.DIAL_BACK;
    }

    /**
     * The step after the address was dialled and answered.
     *
     * @param answer null from a version that does not know the question: then the incarnation has to do
     */
    public static Step dialled(long claimedIncarnation, long foundIncarnation, @Nullable Answer answer) {
        boolean owned = answer == null || answer == Answer.MINE;
        return owned && claimedIncarnation == foundIncarnation ? Step.ADMIT : Step.REFUSE;
    }

    /**
     * Answers the question of a peer whose attempt one is.
     *
     * @param known whether the number is that of this member's last attempt to reach the peer that asks, or of the
     *     connection in use with it: a number that was told to one peer is worth nothing at another one
     * @param used whether that attempt is under way or became the connection in use
     */
    public static Answer answer(boolean known, boolean used) {
        if (!known) {
            return Answer.NOT_MINE;
        }
        return used ? Answer.MINE : Answer.GIVEN_UP;
    }
}
