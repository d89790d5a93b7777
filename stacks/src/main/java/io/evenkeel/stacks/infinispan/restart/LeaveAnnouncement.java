package io.evenkeel.stacks.infinispan.restart;

import java.util.Optional;
import java.util.UUID;
import org.infinispan.commands.ReplicableCommand;
import org.infinispan.commands.topology.RebalancePolicyUpdateCommand;

/**
 * A member's word to all others that it is going to leave.
 *
 * <p>It travels in Infinispan's own command that enables rebalancing, as the name of a cache that cannot exist: a member without the
 * pack finds no such cache and does nothing, where it could not even read a command or a header of ours.
 *
 * @param nodeUuid of the member's address
 * @param expectedBack whether it comes back, rather than that another one has taken its place before
 */
record LeaveAnnouncement(UUID nodeUuid, boolean expectedBack) {
    private static final String PREFIX = "io.evenkeel/leave/";

    ReplicableCommand toCommand() {
        return new RebalancePolicyUpdateCommand(PREFIX + nodeUuid + '/' + expectedBack, true);
    }

    static Optional<LeaveAnnouncement> parse(String cacheName) {
        if (cacheName == null || !cacheName.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = cacheName.substring(PREFIX.length()).split("/", -1);
        return Optional.of(new LeaveAnnouncement(UUID.fromString(parts[0]), Boolean.parseBoolean(parts[1])));
    }
}
