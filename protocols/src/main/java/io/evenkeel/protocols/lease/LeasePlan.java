package io.evenkeel.protocols.lease;

import java.util.List;

/**
 * What to do after a read.
 *
 * @param chores in this order
 * @param step the next step of a member that is in no view; null for one that is
 * @param rivals live coordinators outside of our view, for the health
 */
public record LeasePlan(List<Chore> chores, JoinStep step, List<LeaseRow> rivals) {}
