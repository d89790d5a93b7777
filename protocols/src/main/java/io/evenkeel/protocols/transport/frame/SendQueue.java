package io.evenkeel.protocols.transport.frame;

import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.config.TransportStats.Drop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Everything on its way to one peer, or to everybody: a queue bounded in bytes. Any thread may offer, and take. */
public final class SendQueue {
    private final long maxBytes;
    private final TransportStats stats;
    private final Queue<OutboundMessage> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean retired;

    public SendQueue(long maxBytes, TransportStats stats) {
        this.maxBytes = maxBytes;
        this.stats = stats;
    }

    /**
     * Queues something, or drops and counts it when the queue is full; owns its buffer from here on. An empty queue
     * takes anything: what alone is above the bound would be dropped and retransmitted for ever.
     */
    public boolean offer(OutboundMessage message) {
        long queued = queuedBytes.addAndGet(message.bytes);
        if (queued > maxBytes && queued != message.bytes) {
            queuedBytes.addAndGet(-message.bytes);
            drop(message, Drop.QUEUE_FULL);
            return false;
        }
        queue.add(message);
        if (retired) {
            // The table forgot this queue between the caller's look-up and now: it is never polled again.
            discard();
            return false;
        }
        return true;
    }

    /** The message that waits longest; null if none does. */
    public @Nullable OutboundMessage peek() {
        return queue.peek();
    }

    /** Takes that out; false if another thread has. */
    public boolean take(OutboundMessage first) {
        if (!queue.remove(first)) {
            return false;
        }
        queuedBytes.addAndGet(-first.bytes);
        return true;
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The number of messages and frames that wait; counts them one by one, so it is for people who ask. */
    public int size() {
        return queue.size();
    }

    /** The number of messages that were dropped on the way to this peer. */
    public long dropped() {
        return dropped.sum();
    }

    public long queuedBytes() {
        return queuedBytes.get();
    }

    /** Drops and counts what waits. */
    public void discard() {
        for (OutboundMessage first = peek(); first != null; first = peek()) {
            if (take(first)) {
                drop(first, Drop.NOT_CONNECTED);
            }
        }
    }

    private void drop(OutboundMessage message, Drop why) {
        message.discard();
        dropped.increment();
        stats.dropped(why);
    }

    /** Drops what waits and whatever else is offered. */
    public void retire() {
        retired = true;
        discard();
    }
}
