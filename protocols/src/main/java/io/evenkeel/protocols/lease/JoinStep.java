package io.evenkeel.protocols.lease;

import java.util.List;

/** The next step of a member that is in no view. */
public sealed interface JoinStep {

    /** Send a JOIN to this coordinator. */
    record Join(LeaseIdentity coordinator) implements JoinStep {}

    /** No coordinator is left to join: try to become the founder with a compare-and-set on this epoch. */
    record TryToFound(long expectedEpoch) implements JoinStep {}

    /** The founding is ours. */
    record Found(long epoch) implements JoinStep {}

    /**
     * Neither yet.
     *
     * @param joinReport one entry for each candidate that stands in the way: who, where, what happened, what to look at
     */
    record Wait(List<String> joinReport) implements JoinStep {}
}
