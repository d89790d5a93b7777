package io.evenkeel.it.node;

import java.time.LocalDateTime;

/**
 * A view as a node's log has it.
 *
 * @param time when it was installed, in the node's time zone
 */
public record ViewChange(LocalDateTime time, ClusterView view) {}
