package io.evenkeel.stacks.infinispan.restart.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * The decision whether a member may leave, or would take the only copy of a segment with it.
 *
 * <p>If several members leave at the same time, the one with the greatest address waits until the others' copies have
 * been taken over. One that made up its mind before it heard of the others' leave does not, and says that it goes: the
 * others wait until it is gone, and briefly in any case, as its word may be on its way.
 *
 * @param <M> a member's address
 * @param self the member that wants to leave
 * @param order of addresses
 */
public record LeaveGuard<M>(M self, Comparator<? super M> order) {
    static final long SETTLE_MS = 5_000;

    /**
     * The owners of a cache.
     *
     * @param ofSegment from 0 until segments
     */
    public record Owners<A>(Collection<A> members, int segments, IntFunction<? extends Collection<A>> ofSegment) {}

    /**
     * The members that leave.
     *
     * @param leaving all of them
     * @param going those that wait for no copies any more
     */
    public record Leave<A>(Set<A> leaving, Set<A> going) {}

    /**
     * Number of segments that nobody who stays has a copy of; none if nobody stays that could take them over.
     *
     * @param present members of the cluster; the owners may name others for a moment yet
     * @param leave of the members that have announced it
     * @param waitedMs since this member announced it
     */
    public int soleSegments(Owners<M> owners, Set<M> present, Leave<M> leave, long waitedMs) {
        if (owners.members().stream()
                .noneMatch(member -> !member.equals(self) && stays(member, present, leave.leaving()))) {
            return 0;
        }
        int sole = 0;
        for (int segment = 0; segment < owners.segments(); segment++) {
            Collection<M> some = owners.ofSegment().apply(segment);
            if (some.contains(self) && some.stream().noneMatch(owner -> keepsIt(owner, present, leave, waitedMs))) {
                sole++;
            }
        }
        return sole;
    }

    private boolean keepsIt(M owner, Set<M> present, Leave<M> leave, long waitedMs) {
        return !owner.equals(self)
                && (stays(owner, present, leave.leaving())
                        || (present.contains(owner) && waitedMs >= SETTLE_MS && waitsForThis(owner, leave)));
    }

    private boolean waitsForThis(M owner, Leave<M> leave) {
        return order.compare(owner, self) > 0 && !leave.going().contains(owner);
    }

    private static <T> boolean stays(T member, Set<T> present, Set<T> leaving) {
        return present.contains(member) && !leaving.contains(member);
    }
}
