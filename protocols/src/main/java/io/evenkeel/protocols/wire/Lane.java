package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Hello;
import io.netty.buffer.ByteBuf;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.stack.IpAddress;

/**
 * Everything on its way to one physical address: a queue bounded in bytes, and the connection that empties it. Any thread
 * may offer; the connection's event loop polls; the fields of the last group belong to the control loop.
 */
final class Lane {
    final IpAddress peer;
    private final long maxBytes;
    private final WireStats stats;
    private final Queue<ByteBuf> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile boolean retired;

    /** Set while somebody has asked the control loop for a connection and has not been answered. */
    final AtomicBoolean wanted = new AtomicBoolean();

    /** The connection in use, written by the control loop alone; null while there is none. */
    volatile PeerConnection current;

    PeerConnection attempt;
    /** The random number of the last attempt to connect. */
    long lastAttempt;

    int failures;
    long retryAtNs;
    String lastFailure;
    boolean idleAtSweep;
    /** Who was at the other end of the last connection, until somebody else is. */
    Hello known;
    /** Attempts since the connection to a member was lost; 0 when nothing has to be found out. */
    int attemptsSinceLoss;

    Lane(IpAddress peer, long maxBytes, WireStats stats) {
        this.peer = peer;
        this.maxBytes = maxBytes;
        this.stats = stats;
    }

    /** Queues a frame, or drops and counts it when the queue is full; owns the buffer from here on. */
    boolean offer(ByteBuf frame) {
        int bytes = frame.readableBytes();
        if (queuedBytes.addAndGet(bytes) > maxBytes) {
            queuedBytes.addAndGet(-bytes);
            frame.release();
            stats.framesDropped.increment();
            return false;
        }
        queue.add(frame);
        if (retired) {
            // The table forgot this lane between the caller's look-up and now: nobody will poll it again.
            discard();
            return false;
        }
        return true;
    }

    ByteBuf poll() {
        ByteBuf frame = queue.poll();
        if (frame != null) {
            queuedBytes.addAndGet(-frame.readableBytes());
        }
        return frame;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /** Drops and counts what waits. */
    void discard() {
        for (ByteBuf frame = poll(); frame != null; frame = poll()) {
            frame.release();
            stats.framesDropped.increment();
        }
    }

    void retire() {
        retired = true;
        discard();
    }
}
