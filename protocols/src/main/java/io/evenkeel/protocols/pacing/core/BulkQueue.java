package io.evenkeel.protocols.pacing.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Received bulk that is not handled yet: which message is handled next, and when.
 *
 * <p>One message of a sender at a time, in the order in which they came; senders in turn; all in all at most as many as
 * there are slots. {@link #next} takes a slot, {@link #finish} gives it back.
 *
 * <p>A message that has been handled for longer than {@link #STUCK_NS} may be waiting for another one that waits here,
 * which without this queue another thread would have delivered. So it holds up others no longer: its slot is given to
 * another, and of its own sender the messages that need no order pass it.
 *
 * @param <K> a sender
 * @param <M> a message; the queue never looks into it
 */
public final class BulkQueue<K, M> {
    /** Longer than a chunk takes a node that has just started, shorter than anybody's timeout. */
    public static final long STUCK_NS = 1_000_000_000L;

    /** A message that is being handled. */
    public static final class Work<K, M> {
        private final Sender<K, M> sender;
        private final M message;
        private final int lengthBytes;
        private final boolean ordered;
        private long sinceNs;

        private Work(Sender<K, M> sender, M message, int lengthBytes, boolean ordered) {
            this.sender = sender;
            this.message = message;
            this.lengthBytes = lengthBytes;
            this.ordered = ordered;
        }

        public M message() {
            return message;
        }

        public K sender() {
            return sender.key;
        }

        private boolean isStuck(long nowNs) {
            return nowNs - sinceNs >= STUCK_NS;
        }
    }

    private static final class Sender<K, M> {
        final K key;
        final ArrayDeque<Work<K, M>> waiting = new ArrayDeque<>();
        final List<Work<K, M>> running = new ArrayList<>();
        long backlogBytes;

        Sender(K key) {
            this.key = key;
        }

        boolean mayBegin(long nowNs) {
            Work<K, M> head = waiting.peekFirst();
            for (Work<K, M> work : running) {
                if (!work.isStuck(nowNs) || (work.ordered && head.ordered)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Map<K, Sender<K, M>> senders = new HashMap<>();
    /** The senders with something that waits, each once. */
    private final ArrayDeque<Sender<K, M>> turns = new ArrayDeque<>();

    private final List<Work<K, M>> running = new ArrayList<>();
    private final long maxBacklogBytes;
    private int slots;
    private int waitingMessages;
    private long backlogBytes;

    /**
     * Starts empty.
     *
     * @param slots messages handled at once, 1 or more
     * @param maxBacklogBytes of one sender; what is being handled counts
     */
    public BulkQueue(int slots, long maxBacklogBytes) {
        this.slots = slots;
        this.maxBacklogBytes = maxBacklogBytes;
    }

    /** Other limits from now on; what is being handled goes on. */
    public void setSlots(int changed) {
        slots = changed;
    }

    /** True if so many bytes of a sender fit; a sender of whom nothing is here always has room for one message. */
    public boolean hasRoom(K sender, int lengthBytes) {
        long backlog = backlogBytes(sender);
        return backlog + lengthBytes <= maxBacklogBytes || !holds(sender);
    }

    /**
     * Takes a message, full or not.
     *
     * @param ordered whether it must not overtake, nor be overtaken by, others of the sender that are ordered
     */
    public void add(K sender, M message, int lengthBytes, boolean ordered) {
        Sender<K, M> from = senders.computeIfAbsent(sender, Sender::new);
        if (from.waiting.isEmpty()) {
            turns.addLast(from);
        }
        from.waiting.addLast(new Work<>(from, message, lengthBytes, ordered));
        from.backlogBytes += lengthBytes;
        backlogBytes += lengthBytes;
        waitingMessages++;
    }

    /** The work to begin now, with a slot for it; null if nothing may begin. */
    public @Nullable Work<K, M> next(long nowNs) {
        if (busySlots(nowNs) >= slots) {
            return null;
        }
        for (int left = turns.size(); left > 0; left--) {
            Sender<K, M> sender = turns.pollFirst();
            boolean begins = sender.mayBegin(nowNs);
            Work<K, M> work = begins ? begin(sender, nowNs) : null;
            if (!sender.waiting.isEmpty()) {
                turns.addLast(sender);
            }
            if (begins) {
                return work;
            }
        }
        return null;
    }

    private Work<K, M> begin(Sender<K, M> sender, long nowNs) {
        Work<K, M> work = sender.waiting.removeFirst();
        waitingMessages--;
        work.sinceNs = nowNs;
        sender.running.add(work);
        running.add(work);
        return work;
    }

    private int busySlots(long nowNs) {
        int busy = 0;
        for (Work<K, M> work : running) {
            busy += work.isStuck(nowNs) ? 0 : 1;
        }
        return busy;
    }

    /** It has been handled. */
    public void finish(Work<K, M> work) {
        Sender<K, M> sender = work.sender;
        running.remove(work);
        sender.running.remove(work);
        sender.backlogBytes -= work.lengthBytes;
        backlogBytes -= work.lengthBytes;
        if (sender.running.isEmpty() && sender.waiting.isEmpty()) {
            senders.remove(sender.key);
        }
    }

    /**
     * Drops what waits.
     *
     * @return how many messages
     */
    public int clear() {
        int dropped = waitingMessages;
        for (Sender<K, M> sender : turns) {
            for (Work<K, M> work : sender.waiting) {
                sender.backlogBytes -= work.lengthBytes;
                backlogBytes -= work.lengthBytes;
            }
            sender.waiting.clear();
            if (sender.running.isEmpty()) {
                senders.remove(sender.key);
            }
        }
        turns.clear();
        waitingMessages = 0;
        return dropped;
    }

    /** True if something of the sender waits or is being handled. */
    public boolean holds(K sender) {
        return senders.containsKey(sender);
    }

    /** The bytes of the sender that wait or are being handled. */
    public long backlogBytes(K sender) {
        Sender<K, M> from = senders.get(sender);
        return from == null ? 0 : from.backlogBytes;
    }

    /** The bytes of all senders that wait or are being handled. */
    public long backlogBytes() {
        return backlogBytes;
    }

    /** The messages of all senders that wait or are being handled. */
    public int backlogMessages() {
        return waitingMessages + running.size();
    }

    /** True if {@link #next} has to be asked again as time goes by: something waits behind what may be stuck. */
    public boolean needsTicks() {
        return waitingMessages > 0;
    }

    /** The number of messages that have been handled for longer than {@link #STUCK_NS}. */
    public int stuckMessages(long nowNs) {
        return running.size() - busySlots(nowNs);
    }
}
