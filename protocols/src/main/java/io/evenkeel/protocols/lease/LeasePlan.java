package io.evenkeel.protocols.lease;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The actions and the next step after a read.
 *
 * @param actions in this order: those that need the table come last, as it may fail
 * @param step the next step of a member that is in no view; null for one that is
 * @param split the sides of the cluster, for the health
 * @param watchful whether to read again well before the next beat: there may be a split, and this member is to heal it
 */
public record LeasePlan(List<LeaseAction> actions, @Nullable JoinStep step, Split split, boolean watchful) {}
