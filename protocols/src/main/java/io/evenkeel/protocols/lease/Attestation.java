package io.evenkeel.protocols.lease;

/**
 * A member's answer, over the wire, to the question whether the asker's row is in the lease table that it reads itself.
 *
 * <p>It is the only proof that two members share a table and not two copies of one: whatever is stored in a table, an
 * id or a name, is copied with it, and replication also copies the beats. The asker's own row is in no copy but its
 * own, since its incarnation is drawn at each start.
 *
 * @param kind the answer
 * @param viewId the view that the answering member is in, empty while it is in none
 * @param coordinator the coordinator of that view, with incarnation 0 as it is not known; {@link #NOBODY} while in none
 */
public record Attestation(Kind kind, String viewId, LeaseIdentity coordinator) {
    /** The coordinator of a member that is in no view. */
    public static final LeaseIdentity NOBODY = new LeaseIdentity("", "", "", "", 0);

    /** No answer: not asked, not in time, or asked of a version that does not know the question. */
    public static final Attestation NONE = new Attestation(Kind.NONE, "", NOBODY);

    /** Kinds of answer. */
    public enum Kind {
        NONE,
        /** The asker's row is in the table that this member reads. */
        SEEN,
        /** The table that this member reads lacks the asker's row. */
        NOT_SEEN,
        /** This member cannot read its table at present. */
        UNREADABLE
    }

    /** True if the member reads the same table as the asker. */
    public boolean seen() {
        return kind == Kind.SEEN;
    }

    /** True if the member vouches for the coordinator of its view: it reads our table and is in a view. */
    boolean vouches() {
        return seen() && !coordinator.address().isEmpty();
    }
}
