package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.infinispan.AdvancedCache;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.distribution.ch.ConsistentHash;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.DataRehashed;
import org.infinispan.notifications.cachelistener.event.DataRehashedEvent;
import org.infinispan.remoting.transport.Address;
import org.jspecify.annotations.Nullable;

/**
 * Notices a rebalance of a cache that brought this node entries of others, while STATE_FC recognised nothing on the
 * way: an Infinispan whose messages the classifiers do not know.
 *
 * <p>The receiver alone looks: each entry that moves has one, and a donor cannot know which of the owners was asked.
 * Rebalances of several caches at once count for each other, as one of Infinispan's messages looks like the next.
 */
@Listener
public final class RebalanceWatch {
    private final STATE_FC stateFc;
    private @Nullable Beginning beginning;

    private record Beginning(ConsistentHash owners, long recognised) {}

    RebalanceWatch(STATE_FC stateFc) {
        this.stateFc = stateFc;
    }

    /**
     * Infinispan calls it, before and after. A rebalance that is overtaken by the next one is judged together with
     * that.
     */
    @DataRehashed
    public synchronized void rehashed(DataRehashedEvent<Object, Object> event) {
        if (event.isPre()) {
            if (beginning == null) {
                beginning = new Beginning(event.getConsistentHashAtStart(), stateFc.recognisedSoFar());
            }
            return;
        }
        Beginning before = beginning;
        beginning = null;
        if (before == null || stateFc.recognisedSoFar() != before.recognised()) {
            return;
        }
        AdvancedCache<Object, Object> cache = event.getCache().getAdvancedCache();
        Address self = cache.getRpcManager().getAddress();
        if (holdsAnyOf(gained(before.owners(), event.getConsistentHashAtEnd(), self), cache)) {
            stateFc.cameUnrecognised("the state of the cache " + cache.getName());
        }
    }

    /** The segments that this node did not own and owns now, if a member that is still there owned them. */
    static Set<Integer> gained(ConsistentHash before, ConsistentHash after, Address self) {
        List<Address> present = after.getMembers();
        return IntStream.range(0, after.getNumSegments())
                .filter(segment -> after.isSegmentLocalToNode(self, segment))
                .filter(segment -> !before.isSegmentLocalToNode(self, segment))
                .filter(segment ->
                        before.locateOwnersForSegment(segment).stream().anyMatch(present::contains))
                .boxed()
                .collect(Collectors.toSet());
    }

    private static boolean holdsAnyOf(Set<Integer> segments, AdvancedCache<Object, Object> cache) {
        LocalizedCacheTopology topology = cache.getDistributionManager().getCacheTopology();
        return !segments.isEmpty()
                && StreamSupport.stream(cache.getDataContainer().spliterator(), false)
                        .anyMatch(entry -> segments.contains(topology.getSegment(entry.getKey())));
    }
}
