package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.frame.BundleFormat;
import io.evenkeel.protocols.transport.frame.OutboundMessage;
import io.evenkeel.protocols.transport.io.Dialer;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Message;
import org.jgroups.stack.IpAddress;

/**
 * Queues what this member sends, for one peer or for all, and returns; drops and counts it where that peer's queue is
 * full. Any thread.
 */
public final class Sender {
    private final TransportContext transport;
    private final Peers peers;
    private final PeerTable table;
    private final Dialer dialer;
    private final Multicasts multicasts;
    private final SelfQueue self;
    private volatile boolean closed;

    public Sender(TransportContext transport, Peers peers, PeerTable table, Dialer dialer, EventLoop control) {
        this.transport = transport;
        this.peers = peers;
        this.table = table;
        this.dialer = dialer;
        this.multicasts = new Multicasts(transport, dialer.allocator(), control, this::frame);
        this.self = new SelfQueue(table::busyLoop);
    }

    /**
     * Says how messages become frames, and where those to everybody go; before the transport is opened.
     *
     * @param everybody the peers' addresses; asked on an event loop, must not block
     * @param loopback takes messages with one destination for this member itself, those to everybody once they are
     *     serialised for the others: their receiver may change what it gets; called on an event loop, must not block
     *     and must not keep the list
     */
    public void bundleAs(
            BundleFormat format, Supplier<Collection<IpAddress>> everybody, Consumer<List<Message>> loopback) {
        transport.bundleAs(format);
        multicasts.reach(everybody, loopback);
        self.deliverTo(loopback);
    }

    /**
     * Queues the body of a frame.
     *
     * @throws IllegalArgumentException if it is above max_frame_size
     */
    public void bytes(IpAddress peer, byte[] data, int offset, int length) {
        requireFit(length);
        if (sends()) {
            frame(peer, dialer.dataFrame(data, offset, length));
        }
    }

    /**
     * Queues a message, which is serialised when its turn has come.
     *
     * @param bytes about its size
     * @throws IllegalArgumentException if it is above max_frame_size
     */
    public void message(IpAddress peer, Message message, int bytes) {
        requireFit(bytes);
        if (sends()) {
            offer(peer, new OutboundMessage(message, bytes));
        }
    }

    /** Queues a message for everybody, this member too; otherwise as {@link #message}. */
    public void multicast(Message message, int bytes) {
        requireFit(bytes);
        if (sends()) {
            multicasts.send(message, bytes);
        }
    }

    /** Queues a message of this member to itself; false if nothing is sent any more. */
    public boolean toSelf(Message message) {
        if (!sends()) {
            return false;
        }
        self.send(message);
        return true;
    }

    public void requireFit(int bytes) {
        if (1 + bytes > transport.config.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "message of " + bytes + " bytes is above max_frame_size=" + transport.config.maxFrameBytes()
                            + "; put FRAG4 into the stack, or raise max_frame_size on all members");
        }
    }

    private boolean sends() {
        return transport.ours() != null && !closed;
    }

    private void frame(IpAddress peer, ByteBuf frame) {
        offer(peer, new OutboundMessage(frame));
    }

    private void offer(IpAddress address, OutboundMessage message) {
        Peer peer = peers.at(address);
        if (peer.queue.offer(message)) {
            table.wake(peer);
        }
    }

    /** Takes nothing any more and drops what waits for everybody. */
    public void close() {
        closed = true;
        multicasts.retire();
    }
}
