package io.evenkeel.protocols.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Message;
import org.jgroups.stack.IpAddress;

/**
 * Queues what this member sends, for one peer or for all, and returns; drops and counts it where that peer's queue is full.
 * Any thread.
 */
public final class Dispatch {
    private final WireContext wire;
    private final Lanes lanes;
    private final PeerTable peers;
    private final Dialer dialer;
    private final Multicasts multicasts;
    private final SelfLane self;
    private volatile boolean closed;

    Dispatch(WireContext wire, Lanes lanes, PeerTable peers, Dialer dialer, EventLoop control) {
        this.wire = wire;
        this.lanes = lanes;
        this.peers = peers;
        this.dialer = dialer;
        this.multicasts = new Multicasts(wire, dialer.allocator(), control, this::frame);
        this.self = new SelfLane(peers::busyLoop);
    }

    /**
     * Says how messages become frames, and where those to everybody go; before the transport is opened.
     *
     * @param everybody the peers' addresses; asked on an event loop, must not block
     * @param loopback takes messages with one destination for this member itself, those to everybody once they are
     *     serialised for the others: their receiver may change what it gets; called on an event loop, must not block and
     *     must not keep the list
     */
    public void bundleAs(
            BundleFormat format, Supplier<Collection<IpAddress>> everybody, Consumer<List<Message>> loopback) {
        wire.bundleAs(format);
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
            offer(peer, new Parcel(message, bytes));
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

    void requireFit(int bytes) {
        if (1 + bytes > wire.config.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "message of " + bytes + " bytes is above max_frame_size=" + wire.config.maxFrameBytes()
                            + "; put FRAG4 into the stack, or raise max_frame_size on all members");
        }
    }

    private boolean sends() {
        return wire.ours() != null && !closed;
    }

    private void frame(IpAddress peer, ByteBuf frame) {
        offer(peer, new Parcel(frame));
    }

    private void offer(IpAddress peer, Parcel parcel) {
        Lane lane = lanes.to(peer);
        if (lane.offer(parcel)) {
            peers.wake(lane);
        }
    }

    /** Takes nothing any more and drops what waits for everybody. */
    void close() {
        closed = true;
        multicasts.retire();
    }
}
