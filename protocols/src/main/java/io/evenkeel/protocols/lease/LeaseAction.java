package io.evenkeel.protocols.lease;

import java.util.List;

/** An action that the planner asks of its shell. */
public sealed interface LeaseAction {

    /** Delete the row if it is still at this beat. */
    record Evict(LeaseRow row, String reason) implements LeaseAction {}

    /** Beat, and write the view, for a member of it that does not reach the table, if its row is still at this beat. */
    record Renew(LeaseRow row, ViewInfo view) implements LeaseAction {}

    /** Ask the row's physical address who lives there. */
    record Probe(LeaseRow row) implements LeaseAction {}

    /** Start a merge with these, which are live coordinators of other views of this cluster. */
    record Merge(List<LeaseRow> coordinators) implements LeaseAction {}

    /** Tell the operator of a coordinator that is not merged with, and why. */
    record WarnUnmerged(String coordinator) implements LeaseAction {}
}
