package io.evenkeel.stacks.infinispan.restart;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.infinispan.commands.ReplicableCommand;
import org.infinispan.commands.topology.RebalancePolicyUpdateCommand;

/**
 * A member's announcement of its leave to all others: that it is about to leave, that it goes, or that it has left all
 * of its caches.
 *
 * <p>It travels in Infinispan's own command that enables rebalancing, as the name of a cache that cannot exist: a
 * member without the pack finds no such cache and does nothing, whereas it could not even read a command or a header of
 * the pack's.
 *
 * @param nodeUuid of the member's address
 */
record LeaveAnnouncement(UUID nodeUuid, Kind kind) {
    private static final String PREFIX = "io.evenkeel/leave/";

    enum Kind {
        /** It is about to leave and is expected back. */
        EXPECTED_BACK,
        /** It is about to leave for good: another member has joined in its place before. */
        REPLACED,
        /** It waits for no copies any more, and leaves its caches. */
        GOING,
        /** It has left all of its caches; an end after that is not a death. */
        CACHES_LEFT
    }

    ReplicableCommand toCommand() {
        return new RebalancePolicyUpdateCommand(toCacheName(), true);
    }

    String toCacheName() {
        return PREFIX + nodeUuid + '/' + kind;
    }

    /** Empty for the name of a cache, and for a kind that this version does not know: to Infinispan both are caches. */
    static Optional<LeaveAnnouncement> parse(String cacheName) {
        if (cacheName == null || !cacheName.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = cacheName.substring(PREFIX.length()).split("/", -1);
        return Stream.of(Kind.values())
                .filter(kind -> kind.name().equals(parts[1]))
                .findAny()
                .map(kind -> new LeaveAnnouncement(UUID.fromString(parts[0]), kind));
    }
}
