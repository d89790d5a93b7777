package io.evenkeel.protocols.lease.agent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jgroups.JChannel;
import org.jgroups.util.TimeScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends a join from outside: when the JVM shuts down, when another thread waits to close the channel, or when the time
 * that the join may take is over.
 *
 * <p>By itself none of the three reaches a protocol. {@link ChannelClosing} says why for a close; and Quarkus, told to
 * stop while it starts, waits for the end of the start.
 */
public final class JoinGuard {
    private static final long POLL_MS = 100;

    /** The time that a shutdown waits for the join to end, so that its row is deleted. */
    private static final long SHUTDOWN_WAIT_MS = 1500;

    private final BooleanSupplier closing;
    private final long maxJoinTimeMs;
    private final Consumer<String> whenStopped;
    private final CompletableFuture<Object> stopped = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::shutDown, "evenkeel-join-shutdown");
    private long deadlineNs;
    private @Nullable Future<?> polling;

    /**
     * Guards nothing yet.
     *
     * @param maxJoinTimeMs 0 for no limit
     * @param whenStopped told once why the join ends, on any thread
     */
    public JoinGuard(JChannel channel, long maxJoinTimeMs, Consumer<String> whenStopped) {
        this(ChannelClosing.of(channel)::waits, maxJoinTimeMs, whenStopped);
    }

    JoinGuard(BooleanSupplier closing, long maxJoinTimeMs, Consumer<String> whenStopped) {
        this.closing = closing;
        this.maxJoinTimeMs = maxJoinTimeMs;
        this.whenStopped = whenStopped;
    }

    /**
     * The join begins.
     *
     * @param timer to look around with, ten times a second
     * @param nowNs by {@link System#nanoTime}
     */
    public synchronized void begin(TimeScheduler timer, long nowNs) {
        deadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(maxJoinTimeMs);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun already.
            stopForShutdown();
        }
        polling = timer.scheduleWithFixedDelay(() -> poll(System.nanoTime()), POLL_MS, POLL_MS, TimeUnit.MILLISECONDS);
    }

    /** The join has ended, however. */
    public synchronized void end() {
        ended.countDown();
        if (polling != null) {
            polling.cancel(false);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun; the hook runs or has run.
        }
    }

    void poll(long nowNs) {
        if (closing.getAsBoolean()) {
            stop("the channel is being closed");
        } else if (maxJoinTimeMs > 0 && nowNs - deadlineNs >= 0) {
            stop("max_join_time=" + maxJoinTimeMs + " ms is over");
        }
    }

    /** The hook of the JVM; returns once the join has ended, or after a bounded time. */
    void shutDown() {
        stopForShutdown();
        try {
            ended.await(SHUTDOWN_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopForShutdown() {
        stop("the JVM is shutting down");
    }

    private void stop(String why) {
        if (stopped.completeExceptionally(new JoinStoppedException(why))) {
            whenStopped.accept(why);
        }
    }

    /** Completes exceptionally, with a {@link JoinStoppedException}, when the join has to end; else never. */
    public CompletableFuture<Object> stopped() {
        return stopped;
    }
}
