package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.config.TransportLog;
import io.evenkeel.protocols.transport.frame.FrameBuilder;
import io.evenkeel.protocols.transport.frame.OutboundMessage;
import io.evenkeel.protocols.transport.frame.SendQueue;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Message;
import org.jgroups.stack.IpAddress;

/** Messages to everybody: serialised once, on the control loop; all peers' queues share the frame. */
final class Multicasts {
    /** The number of frames that are made before others have their turn on the loop. */
    private static final int FRAMES_A_TURN = 16;

    private final SendQueue waiting;
    private final FrameBuilder builder;
    private final TransportLog log;
    private final ByteBufAllocator allocator;
    private final Executor control;
    private final BiConsumer<IpAddress, ByteBuf> send;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Runnable turn = this::turn;

    @SuppressWarnings("NullAway.Init")
    private volatile Supplier<Collection<IpAddress>> everybody;

    @SuppressWarnings("NullAway.Init")
    private volatile Consumer<List<Message>> loopback;

    /** With what sends a frame to one peer, and owns it from there on. */
    Multicasts(
            TransportContext transport,
            ByteBufAllocator allocator,
            Executor control,
            BiConsumer<IpAddress, ByteBuf> send) {
        this.waiting = new SendQueue(transport.config.maxQueuedBytes(), transport.stats);
        this.builder = new FrameBuilder(
                transport.config.maxFrameBytes(),
                transport::bundles,
                transport.stats,
                transport.log,
                messages -> loopback.accept(messages));
        this.log = transport.log;
        this.allocator = allocator;
        this.control = control;
        this.send = send;
    }

    /**
     * Says who everybody is, and what takes the messages to this member itself; both are called on the control loop,
     * for each frame.
     */
    void reach(Supplier<Collection<IpAddress>> peers, Consumer<List<Message>> self) {
        everybody = peers;
        loopback = self;
    }

    /** Any thread. */
    void send(Message message, int bytes) {
        if (!waiting.offer(new OutboundMessage(message, bytes))) {
            // What is dropped for the others is not kept from this member.
            loopback.accept(List.of(message));
        } else if (scheduled.compareAndSet(false, true)) {
            control.execute(turn);
        }
    }

    private void turn() {
        scheduled.set(false);
        for (int i = 0; i < FRAMES_A_TURN; i++) {
            ByteBuf frame = builder.next(waiting, allocator);
            if (frame == null) {
                return;
            }
            try {
                for (IpAddress peer : everybody.get()) {
                    send.accept(peer, frame.retainedDuplicate());
                }
            } catch (RuntimeException e) {
                // What waits behind it must not wait for the next message.
                log.warn(TransportMessages.NOT_TO_EVERYBODY, e);
            } finally {
                frame.release();
            }
        }
        if (scheduled.compareAndSet(false, true)) {
            control.execute(turn);
        }
    }

    /** Drops what waits; nothing is sent any more. */
    void retire() {
        waiting.retire();
    }
}
