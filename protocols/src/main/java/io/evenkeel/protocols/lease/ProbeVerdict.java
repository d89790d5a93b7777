package io.evenkeel.protocols.lease;

/**
 * The result of asking a row's physical address which process is there.
 *
 * @param kind the outcome
 * @param detail for people: the reason, or what to look at
 * @param attestation the answer to the question for our own row, {@link Attestation#NONE} unless the row's incarnation
 *     answered
 */
public record ProbeVerdict(Kind kind, String detail, Attestation attestation) {
    public static final ProbeVerdict UNASKED = new ProbeVerdict(Kind.UNASKED, "not asked yet");

    /** A verdict without an attestation. */
    public ProbeVerdict(Kind kind, String detail) {
        this(kind, detail, Attestation.NONE);
    }

    /** The outcome of a probe. */
    public enum Kind {
        /** Never asked, or not answered yet. */
        UNASKED,
        /** The row's own incarnation answered; in which table it beats is the attestation's matter. */
        ALIVE,
        /** Another incarnation answered: the row's process does not live there any more. */
        REPLACED,
        /** No process listens on the port. */
        REFUSED,
        /** Nothing came back in time. */
        SILENT,
        /** A process answered and turned us down, or was turned down by us. */
        REJECTED
    }
}
