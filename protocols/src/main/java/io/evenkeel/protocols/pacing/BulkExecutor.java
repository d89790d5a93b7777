package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.log.PacingMessages;
import io.evenkeel.protocols.pacing.core.BulkQueue;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.logging.Log;
import org.jgroups.util.TimeScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The threads that handle received bulk, so that no user's message waits for it in the thread that delivers both.
 *
 * <p>{@link BulkQueue} decides which message is handled when. A sender of whom too much waits already is held back as
 * without this class: the thread that delivers waits, which can be only if the sender does not keep to the room that it
 * is told of.
 *
 * <p>After each message a thread rests, still in its slot, where processors are short ({@link PressureMeter}): the next
 * message of state is asked for by the answer to this one, so that the whole transfer slows down, on both sides.
 *
 * <p>Threads are made when there is bulk and end when there was none for a while.
 */
public final class BulkExecutor {
    private static final long IDLE_S = 10;
    private static final long STOP_S = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomMade = lock.newCondition();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean lookPlanned = new AtomicBoolean();
    private final LongAdder handled = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final PressureMeter rests;
    private final BulkQueue<Address, Message> queue;
    /** Probes that are answered when enough of what their sender has sent before is handled; the latest of each. */
    private final Map<Address, Long> deferredProbes = new HashMap<>();

    private final ObjLongConsumer<Address> answerer;
    private final long deferringBytes;
    private final Consumer<Message> handler;
    private final LimitedLog log;
    private volatile boolean enabled;
    private @Nullable ExecutorService pool;
    private @Nullable TimeScheduler timer;

    /**
     * Does nothing until {@link #start}.
     *
     * @param threads at most, 1 or more; one that is stuck does not count
     * @param maxBacklogBytes of one sender, above which the thread that delivers waits
     * @param handler of one message
     * @param answerer of a probe that was deferred
     * @param rests of its threads
     */
    public BulkExecutor(
            int threads,
            long maxBacklogBytes,
            boolean enabled,
            Consumer<Message> handler,
            ObjLongConsumer<Address> answerer,
            PressureMeter rests,
            Log log) {
        queue = new BulkQueue<>(threads, maxBacklogBytes);
        deferringBytes = maxBacklogBytes / 2;
        this.answerer = answerer;
        this.rests = rests;
        this.enabled = enabled;
        this.handler = handler;
        this.log = new LimitedLog(log);
    }

    /**
     * Takes messages from now on.
     *
     * @param threadNameEnd follows the number in the name of a thread
     */
    public void start(TimeScheduler scheduler, Supplier<String> threadNameEnd) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_S, TimeUnit.SECONDS, new SynchronousQueue<>(), new Threads(threadNameEnd));
        lock.lock();
        try {
            timer = scheduler;
            pool = threads;
            // A stopped timer drops its tasks.
            lookPlanned.set(false);
        } finally {
            lock.unlock();
        }
    }

    /** Platform threads, whatever the transport has: virtual ones would share the users' carriers. */
    private static final class Threads implements ThreadFactory {
        private final Supplier<String> nameEnd;
        private int made;

        Threads(Supplier<String> nameEnd) {
            this.nameEnd = nameEnd;
        }

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, "bulk-" + ++made + nameEnd.get());
            thread.setDaemon(true);
            return thread;
        }
    }

    /** Drops what waits, as JGroups does with its own threads; interrupts what is being handled and waits for it. */
    public void stop() {
        ExecutorService ended;
        lock.lock();
        try {
            ended = pool;
            pool = null;
            timer = null;
            dropped.add(queue.clear());
            deferredProbes.clear();
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
        if (ended != null) {
            ended.shutdownNow();
            awaitEnd(ended);
        }
    }

    private void awaitEnd(ExecutorService ended) {
        // An application may close its channel while it handles state.
        if (workers.contains(Thread.currentThread())) {
            return;
        }
        try {
            ended.awaitTermination(STOP_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On or off while it runs; off, only what comes behind what is here already still goes here. */
    public void setEnabled(boolean on) {
        enabled = on;
    }

    /**
     * Takes a message over, or returns false if the caller is to handle it.
     *
     * @param ordered whether the messages of this sender that are ordered must be handled in the order in which they
     *     come
     */
    public boolean take(Address sender, Message message, boolean ordered) {
        int lengthBytes = PacedPeer.lengthBytes(message);
        lock.lock();
        try {
            if (pool == null || (!enabled && !queue.holds(sender))) {
                return false;
            }
            awaitRoom(sender, lengthBytes);
            if (pool == null) {
                dropped.increment();
            } else {
                queue.add(sender, message, lengthBytes, ordered);
                dispatch();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps a probe if more than half of what may wait of its sender does. The answer opens the sender's window: a
     * member that does not get on with state so slows its donors down, before the thread that delivers has to wait.
     *
     * @return false if the probe is to be answered now
     */
    public boolean defer(Address sender, long probe) {
        lock.lock();
        try {
            boolean deferred = pool != null && queue.backlogBytes(sender) > deferringBytes;
            if (deferred) {
                deferredProbes.merge(sender, probe, Math::max);
            }
            return deferred;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(Address sender, int lengthBytes) {
        try {
            while (pool != null && !queue.hasRoom(sender, lengthBytes)) {
                roomMade.await();
            }
        } catch (InterruptedException e) {
            // The transport stops. The message is kept all the same: its sender has been told that it arrived.
            Thread.currentThread().interrupt();
        }
    }

    /** To be called with the lock held. */
    private void dispatch() {
        ExecutorService threads = pool;
        if (threads == null) {
            return;
        }
        for (BulkQueue.Work<Address, Message> work = next(threads); work != null; work = next(threads)) {
            BulkQueue.Work<Address, Message> first = work;
            threads.execute(() -> work(first, threads));
        }
        planLook();
    }

    /** The next message to handle; none for threads of an earlier connection of the channel. */
    private BulkQueue.@Nullable Work<Address, Message> next(ExecutorService threads) {
        return threads != pool ? null : queue.next(System.nanoTime());
    }

    private void work(BulkQueue.Work<Address, Message> first, ExecutorService threads) {
        Thread thread = Thread.currentThread();
        workers.add(thread);
        try {
            for (BulkQueue.Work<Address, Message> work = first; work != null; work = finish(work, threads)) {
                ProcessorSources.ThreadTimes before = rests.begin();
                handle(work.message());
                if (enabled) {
                    rests.rest(before);
                }
            }
        } finally {
            workers.remove(thread);
        }
    }

    private void handle(Message message) {
        try {
            handler.accept(message);
            handled.increment();
        } catch (Throwable e) {
            // As in JGroups' own threads: what an application throws ends the message, not the delivery of those behind
            // it.
            failed.increment();
            log.write(message.getSrc() + "|" + e, PacingMessages.HANDLER_FAILED, message.getSrc(), e);
        }
    }

    private BulkQueue.@Nullable Work<Address, Message> finish(
            BulkQueue.Work<Address, Message> work, ExecutorService threads) {
        BulkQueue.Work<Address, Message> next;
        Long probe;
        lock.lock();
        try {
            queue.finish(work);
            roomMade.signalAll();
            probe = queue.backlogBytes(work.sender()) > deferringBytes ? null : deferredProbes.remove(work.sender());
            next = next(threads);
            dispatch();
        } finally {
            lock.unlock();
        }
        if (probe != null) {
            answerer.accept(work.sender(), probe);
        }
        return next;
    }

    /** Plans a look at the queue: messages behind one that is stuck go past it then. */
    private void planLook() {
        TimeScheduler scheduler = timer;
        if (scheduler != null && queue.needsTicks() && lookPlanned.compareAndSet(false, true)) {
            scheduler.schedule(this::look, BulkQueue.STUCK_NS, TimeUnit.NANOSECONDS, false);
        }
    }

    private void look() {
        lookPlanned.set(false);
        lock.lock();
        try {
            dispatch();
        } finally {
            lock.unlock();
        }
    }

    /** Messages that wait or are being handled. */
    public int backlogMessages() {
        lock.lock();
        try {
            return queue.backlogMessages();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that wait or are being handled. */
    public long backlogBytes() {
        lock.lock();
        try {
            return queue.backlogBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Messages that have been handled for so long that others go past them. */
    public int stuckMessages() {
        lock.lock();
        try {
            return queue.stuckMessages(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    public long handledMessages() {
        return handled.sum();
    }

    public long failedMessages() {
        return failed.sum();
    }

    public long droppedMessages() {
        return dropped.sum();
    }

    /** The share of their time that its threads may use a processor. */
    public int sharePercent() {
        return rests.sharePercent();
    }

    /** The time for which its threads rested, as processors were short. */
    public long restedNs() {
        return rests.restedNs();
    }

    public void resetStats() {
        rests.resetStats();
        handled.reset();
        failed.reset();
        dropped.reset();
    }
}
