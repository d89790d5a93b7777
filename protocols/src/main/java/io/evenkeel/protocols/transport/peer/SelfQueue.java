package io.evenkeel.protocols.transport.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.Message;

/**
 * Messages of this member to itself. An event loop hands them over in batches, as those of peers are: a thread of the
 * pool woken for each of them would cost more than all that is done with most of them.
 */
final class SelfQueue {
    /** The most messages that are handed over at once. */
    static final int MAX_BATCH = 256;

    private final Queue<Message> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Supplier<Executor> loop;
    private final Runnable turn = this::turn;
    private final List<Message> batch = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private volatile Consumer<List<Message>> loopback;

    /** With the event loop of the moment: a busy one, so that it is awake already. */
    SelfQueue(Supplier<Executor> loop) {
        this.loop = loop;
    }

    /** Says what takes messages that have one destination; called on an event loop, must not block. */
    void deliverTo(Consumer<List<Message>> receiver) {
        loopback = receiver;
    }

    /** Any thread. */
    void send(Message message) {
        queue.add(message);
        if (scheduled.compareAndSet(false, true)) {
            loop.get().execute(turn);
        }
    }

    private void turn() {
        scheduled.set(false);
        try {
            deliver();
        } finally {
            if (!queue.isEmpty() && scheduled.compareAndSet(false, true)) {
                loop.get().execute(turn);
            }
        }
    }

    // Two event loops may be at it for a moment, when the loop of the moment changes.
    private synchronized void deliver() {
        collect();
        if (!batch.isEmpty()) {
            try {
                loopback.accept(batch);
            } finally {
                batch.clear();
            }
        }
    }

    private void collect() {
        Address destination = null;
        for (Message next = queue.peek(); next != null && batch.size() < MAX_BATCH; next = queue.peek()) {
            if (batch.isEmpty()) {
                destination = next.getDest();
            } else if (!Objects.equals(destination, next.getDest())) {
                return;
            }
            batch.add(queue.poll());
        }
    }
}
