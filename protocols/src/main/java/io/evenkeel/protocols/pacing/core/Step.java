package io.evenkeel.protocols.pacing.core;

/** The next step of a {@link BulkFlow}. */
public sealed interface Step<M> {

    /** Ask the peer's STATE_FC to answer with this number, in a message of its own behind all that was sent before. */
    record Probe<M>(long number) implements Step<M> {}

    /**
     * Send a message, or a part of it.
     *
     * @param message the message
     * @param id the same for all parts of a message, another one for each message
     * @param offsetBytes where the part begins in the payload
     * @param lengthBytes how long the part is
     * @param totalBytes how long the payload is
     * @param probe the number that the peer's STATE_FC is to answer when this has come; 0 for none
     * @param why why it may go now
     */
    record Send<M>(M message, long id, int offsetBytes, int lengthBytes, int totalBytes, long probe, Why why)
            implements Step<M> {

        /** True if the message goes in one piece. */
        public boolean isWhole() {
            return offsetBytes == 0 && lengthBytes == totalBytes;
        }

        /** True if nothing of the message is left. */
        public boolean isLast() {
            return offsetBytes + lengthBytes == totalBytes;
        }
    }

    /** The reason for which bulk may go. */
    enum Why {
        /** The window had room. */
        WINDOW(false),
        /** It waited for as long as a message may. */
        WAITED(true),
        /** Pacing was turned off, or the peer is silent. */
        OPEN(true),
        /** The member leaves. */
        LEAVING(false),
        /** Nothing is known of the peer yet: one message behind each probe. */
        UNKNOWN_PEER(false),
        /** The queue was full. */
        OVERFLOW(true);

        private final boolean takesCredits;

        Why(boolean takesCredits) {
            this.takesCredits = takesCredits;
        }

        /** True if flow control has to bound it, as nothing else does. */
        public boolean takesCredits() {
            return takesCredits;
        }
    }
}
