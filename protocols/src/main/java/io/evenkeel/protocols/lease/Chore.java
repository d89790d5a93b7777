package io.evenkeel.protocols.lease;

import java.util.List;

/** Something the shell has to do for the keeper. */
public sealed interface Chore {

    /** Delete the row if it is still at this beat. */
    record Evict(LeaseRow row, String reason) implements Chore {}

    /** Beat, and write the view, for a member of it that does not reach the table, if its row is still at this beat. */
    record Renew(LeaseRow row, ViewInfo view) implements Chore {}

    /** Ask the row's physical address who lives there. */
    record Probe(LeaseRow row) implements Chore {}

    /** Other live coordinators of this cluster: start a merge with them. */
    record Merge(List<LeaseRow> rivals) implements Chore {}

    /** Tell the operator of a coordinator that is not merged with, and why. */
    record WarnUnmerged(String coordinator) implements Chore {}
}
