package io.evenkeel.stacks.infinispan.restart.core;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The decision whether the share of a member that left in good order is copied among the others, or kept for its
 * return.
 *
 * <p>One grace at a time: it begins when the first cache of an announced leaver is left, and holds the rebalance of
 * each cache that the leaver leaves while every segment has another owner. Any joiner of a cache ends it for that
 * cache, for a joiner must get its state at once, and a restarted member has nothing that tells it from a new one for
 * certain: its address is new, its name may have a random suffix, its IP address changes with its pod. All else ends it
 * for all caches; see {@link End}.
 *
 * <p>Every member runs one, with the same views and announcements, so that the next coordinator knows what the last one
 * announced. It computes only: time is an argument, and the caller holds back rebalances and lets them go. Not
 * thread-safe.
 *
 * @param <M> a member's address
 */
public final class RestartGrace<M> {
    private static final int FEWEST_LEFT = 2;

    private final long graceMs;
    private final long surgeWindowMs;

    private Set<M> members = Set.of();
    private long firstViewMs;
    /** Announced leaves, of members that are still there and of those that have gone. */
    private final Map<M, Leave> leaves = new HashMap<>();

    /** Times of leaves that no join has followed yet, and of joins that no leave had preceded. */
    private final ArrayDeque<Long> vacanciesMs = new ArrayDeque<>();

    private final ArrayDeque<Long> surgesMs = new ArrayDeque<>();

    private @Nullable M leaver;
    private long deadlineMs;
    private boolean someoneCame;
    private final TreeSet<String> held = new TreeSet<>();

    private static final class Leave {
        /** Null if it has said no more than that it goes. */
        @Nullable Boolean announcedBack;

        /** Some are left twice: while they run, and when they stop. */
        final Set<String> caches = new HashSet<>();
        /** No cache is held for it, or no further one. */
        boolean spent;

        /** It waits for no copies any more. */
        boolean goes;

        /** All caches have been left. */
        boolean complete;

        /** As most do. */
        boolean comesBack() {
            return announcedBack == null || announcedBack;
        }

        /** So it has said. */
        boolean isExpectedBack() {
            return announcedBack != null && announcedBack;
        }
    }

    /** Reason for the end of a grace. */
    public enum End {
        JOINED("a member has joined"),
        ANOTHER_LEAVES("another member leaves"),
        SUSPECTED("a member is gone that had not left all of its caches"),
        MERGED("a split has been healed"),
        TIME_UP("the time is up"),
        SWITCHED("rebalancing was switched by hand");

        private final String text;

        End(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Caches whose rebalance goes on.
     *
     * @param caches sorted
     * @param last whether the grace holds no further cache
     */
    public record Over<A>(A leaver, Set<String> caches, End end, boolean last) {}

    /**
     * The owners of a cache before one of them leaves.
     *
     * @param members that hold the cache, the leaver included where it has not been removed yet
     * @param settled no rebalance is under way or due
     * @param soleOwner the leaver is the only owner of a segment
     */
    public record Owners<A>(Set<A> members, boolean settled, boolean soleOwner) {}

    /**
     * @param graceMs how long a leaver is expected back; none is if it is 0
     * @param surgeWindowMs for how long a join that filled no gap is taken for the replacement of a member that leaves
     *     later
     */
    public RestartGrace(long graceMs, long surgeWindowMs) {
        this.graceMs = graceMs;
        this.surgeWindowMs = surgeWindowMs;
    }

    /** A view of the cluster; seen before, it changes nothing. */
    public Optional<Over<M>> view(Set<M> newMembers, boolean merge, long nowMs) {
        if (newMembers.equals(members) && !merge) {
            return Optional.empty();
        }
        Set<M> before = members;
        members = Set.copyOf(newMembers);
        if (before.isEmpty()) {
            firstViewMs = nowMs;
            return Optional.empty();
        }
        boolean suspected = false;
        for (M gone : without(before, members)) {
            Leave leave = leaves.get(gone);
            suspected |= leave == null || !leave.complete;
            accountForLeave(leave == null || leave.comesBack(), nowMs);
        }
        for (M ignored : without(members, before)) {
            accountForJoin(nowMs);
            postponeTimeUp(nowMs);
        }
        // Nothing more comes from those who have gone, but the last one, for which caches may still be recovered.
        leaves.keySet()
                .removeIf(member -> !members.contains(member) && !before.contains(member) && !member.equals(leaver));
        if (merge) {
            return endForAll(End.MERGED);
        }
        return suspected ? endForAll(End.SUSPECTED) : Optional.empty();
    }

    /** A member says that it is going to leave. */
    public Optional<Over<M>> leaveAnnounced(M member, boolean expectedBack) {
        Optional<Over<M>> over = note(member);
        Leave leave = leaves.get(member);
        if (leave != null && leave.announcedBack == null) {
            leave.announcedBack = expectedBack;
        }
        return over;
    }

    /** Notes that a member leaves, the first time. */
    private Optional<Over<M>> note(M member) {
        if (!members.contains(member) || leaves.containsKey(member)) {
            return Optional.empty();
        }
        boolean alone = leaves.keySet().stream().noneMatch(members::contains);
        Optional<Over<M>> over = endForAll(End.ANOTHER_LEAVES);
        Leave leave = new Leave();
        leave.spent = !alone;
        leaves.put(member, leave);
        return over;
    }

    /** A member that leaves waits for no copies any more. Its announcement may have been overtaken. */
    public Optional<Over<M>> goes(M member) {
        Optional<Over<M>> over = note(member);
        Leave leave = leaves.get(member);
        if (leave != null) {
            leave.goes = true;
        }
        return over;
    }

    /** A member that leaves has left all of its caches. One that is gone before it said so has died. */
    public void cachesLeft(M member) {
        Leave leave = leaves.get(member);
        if (leave != null) {
            leave.complete = true;
        }
    }

    /** Members that have announced that they leave and are still there. */
    public Set<M> leaving() {
        Set<M> leaving = new HashSet<>(leaves.keySet());
        leaving.retainAll(members);
        return leaving;
    }

    /** Those of {@link #leaving} that wait for no copies any more. */
    public Set<M> going() {
        Set<M> going = leaving();
        going.removeIf(member -> !Objects.requireNonNull(leaves.get(member)).goes);
        return going;
    }

    /**
     * The member that has announced its leave and gone, for which a coordinator that takes over may still hold a place.
     */
    public Optional<M> departed() {
        return leaves.entrySet().stream()
                .filter(leave -> !leave.getValue().spent && !members.contains(leave.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * True if a member that leaves now will come back rather than be replaced by one that has joined before.
     *
     * <p>The leaver decides it for all: it has been there longest.
     */
    public boolean expectedBack(long nowMs) {
        forgetBefore(surgesMs, nowMs - surgeWindowMs);
        return graceMs > 0 && surgesMs.isEmpty();
    }

    /**
     * A member has left a cache in good order.
     *
     * @return whether the rebalance of the cache is to be held back
     */
    public boolean cacheLeft(String cache, M member, Owners<M> owners, long nowMs) {
        Leave leave = leaves.get(member);
        if (graceMs <= 0 || leave == null || !leave.isExpectedBack() || leave.spent || !leave.caches.add(cache)) {
            return false;
        }
        Set<M> left = without(members, Set.of(member));
        if (left.size() < FEWEST_LEFT
                || !owners.settled()
                || owners.soleOwner()
                || !owners.members().containsAll(left)) {
            return false;
        }
        if (leaver == null) {
            leaver = member;
            someoneCame = false;
            deadlineMs = nowMs + graceMs;
        }
        return held.add(cache);
    }

    /** A member has joined a cache, and its rebalance is queued. */
    public Optional<Over<M>> cacheJoined(String cache) {
        return endFor(cache, End.JOINED);
    }

    /** The rebalancing of a cache was switched by hand, which outranks the grace. */
    public Optional<Over<M>> switched(String cache) {
        return endFor(cache, End.SWITCHED);
    }

    /** Time has passed. */
    public Optional<Over<M>> tick(long nowMs) {
        return leaver != null && nowMs >= deadlineMs ? endForAll(End.TIME_UP) : Optional.empty();
    }

    /** Milliseconds until the next {@link #tick} has something to do; nothing while no grace is on. */
    public Optional<Long> nextTickMs(long nowMs) {
        return leaver == null ? Optional.empty() : Optional.of(Math.max(0, deadlineMs - nowMs));
    }

    public boolean holds(String cache) {
        return held.contains(cache);
    }

    private Optional<Over<M>> endFor(String cache, End end) {
        if (!held.remove(cache)) {
            return Optional.empty();
        }
        M left = Objects.requireNonNull(leaver);
        Over<M> over = new Over<>(left, Set.of(cache), end, held.isEmpty());
        if (held.isEmpty()) {
            // The leaver is back: nothing that it may still leave is held for it.
            Objects.requireNonNull(leaves.get(left)).spent = true;
            leaver = null;
        }
        return Optional.of(over);
    }

    private Optional<Over<M>> endForAll(End end) {
        leaves.values().forEach(leave -> leave.spent = true);
        if (leaver == null) {
            return Optional.empty();
        }
        Over<M> over = new Over<>(leaver, new TreeSet<>(held), end, true);
        held.clear();
        leaver = null;
        return Optional.of(over);
    }

    /** A member that has come is probably the one, and needs time to start the last of its caches. */
    private void postponeTimeUp(long nowMs) {
        if (leaver != null && !someoneCame) {
            someoneCame = true;
            deadlineMs = Math.max(deadlineMs, nowMs + graceMs);
        }
    }

    private void accountForLeave(boolean comesBack, long nowMs) {
        if (comesBack) {
            vacanciesMs.add(nowMs);
        } else {
            surgesMs.poll();
        }
    }

    /** While this member itself is new, joins are the formation of the cluster. */
    private void accountForJoin(long nowMs) {
        forgetBefore(vacanciesMs, nowMs - Math.max(surgeWindowMs, graceMs));
        if (vacanciesMs.poll() == null && nowMs - firstViewMs >= surgeWindowMs) {
            surgesMs.add(nowMs);
        }
    }

    private static void forgetBefore(ArrayDeque<Long> timesMs, long limitMs) {
        while (!timesMs.isEmpty() && timesMs.peek() < limitMs) {
            timesMs.poll();
        }
    }

    private static <T> Set<T> without(Set<T> all, Set<T> some) {
        Set<T> rest = new HashSet<>(all);
        rest.removeIf((Predicate<T>) some::contains);
        return rest;
    }
}
