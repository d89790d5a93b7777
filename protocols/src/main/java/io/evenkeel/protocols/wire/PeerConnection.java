package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.ByteBuffer;
import org.jgroups.stack.IpAddress;

/** What is said over one connection: TLS, introductions, frames. Lives on its event loop, as {@link Link} does. */
final class PeerConnection extends Link {
    private final Introduction introduction;
    private final Outbox outbox;
    private Inbox inbox;

    /** The keys and trust that it was made with, or later ones. */
    final long generation;

    /** A connection that is about to be dialled, or with null has just come in. */
    PeerConnection(WireContext wire, ConnectionEvents events, IpAddress dialled, Hello ours) {
        super(wire, events, dialled);
        this.generation = wire.generation();
        this.introduction = new Introduction(wire, dialled, ours);
        this.outbox = new Outbox(wire.stats, this);
    }

    @Override
    PeerConnection self() {
        return this;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        introduction.begin(ctx, this::handshakeTimedOut);
        if (wire.tls == null) {
            introduction.secured(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                introduction.secured(ctx);
            } else {
                fail(TlsFailures.of(handshake.cause()));
            }
        }
    }

    private void handshakeTimedOut() {
        ending().timedOut();
        fail(new Refusal(
                Refusal.Reason.HANDSHAKE_TIMEOUT,
                "no introduction within " + wire.config.handshakeTimeoutMs() + " ms"));
    }

    @Override
    void frame(ChannelHandlerContext ctx, FrameType type, ByteBuf in, int bodyBytes) {
        if (state() == State.CLOSED) {
            return;
        }
        if (type == FrameType.DATA) {
            requireState(hears(), type);
            wire.stats.framesReceived.increment();
            wire.stats.bytesReceived.add(bodyBytes);
            outbox.use();
            inbox.deliver(in, bodyBytes);
            return;
        }
        ByteBuffer body = ByteBuffer.allocate(bodyBytes);
        in.readBytes(body);
        body.flip();
        switch (type) {
            case HELLO -> hello(ctx, Hello.decode(body));
            case ACCEPT -> accepted(ctx);
            case REFUSE -> {
                requireState(dialled != null && state() != State.OPEN, type);
                fail(Refusal.decode(body));
            }
            case GOODBYE -> {
                requireState(hears(), type);
                heardGoodbye();
            }
            default -> throw new IllegalStateException("unhandled " + type);
        }
    }

    private void hello(ChannelHandlerContext ctx, Hello hello) {
        requireState(state() == State.OPENING, FrameType.HELLO);
        inbox = new Inbox(wire.listener, hello.address());
        enter(State.INTRODUCED);
        introduction.hear(ctx, hello).ifPresent(this::fail);
        if (dialled == null) {
            events.onHello(this, hello);
        }
    }

    private void accepted(ChannelHandlerContext ctx) {
        if (dialled == null) {
            requireState(hears(), FrameType.ACCEPT);
            events.onConfirmed(this);
            return;
        }
        requireState(state() == State.INTRODUCED, FrameType.ACCEPT);
        open();
        Frames.write(ctx, FrameType.ACCEPT);
        events.onAccepted(this);
    }

    private void open() {
        enter(State.OPEN);
        limitFrames(wire.config.maxFrameBytes());
        introduction.end();
        wire.stats.handshakesOk.increment();
        wire.stats.openConnections.incrementAndGet();
        wire.log.debug("connected with " + describe());
    }

    /** Takes an incoming connection that has introduced itself. Any thread. */
    void accept() {
        channel().eventLoop().execute(() -> {
            if (state() == State.INTRODUCED) {
                open();
                Frames.write(context(), FrameType.ACCEPT);
            }
        });
    }

    /** Turns an incoming connection down and closes it. Any thread. */
    void refuse(Refusal refusal) {
        channel().eventLoop().execute(() -> {
            if (state() == State.INTRODUCED) {
                ending().refused(refusal);
                Frames.write(context(), FrameType.REFUSE, refusal.encode());
                close();
            }
        });
    }

    /** Has the lane's queue written. Any thread; the first of many callers schedules the work. */
    void scheduleDrain() {
        if (outbox.schedule()) {
            channel().eventLoop().execute(this::drain);
        }
    }

    private void drain() {
        outbox.begin();
        if (state() == State.OPEN) {
            outbox.drain(context());
        }
    }

    @Override
    void drainAll() {
        outbox.drainAll(context());
    }

    @Override
    void release() {
        introduction.end();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (state() == State.OPEN && channel().isWritable()) {
            scheduleDrain();
        }
    }

    Introduction introduction() {
        return introduction;
    }

    Outbox outbox() {
        return outbox;
    }

    /** The peer's HELLO, null before it came. */
    Hello theirs() {
        return introduction.theirs();
    }

    /** The peer without its ephemeral port, so that lines about one peer are recognised as such. */
    String peerName() {
        return PeerLabel.name(dialled, theirs(), channel());
    }

    /** TLS protocol and cipher, or that there is none. */
    String security() {
        return PeerLabel.security(channel());
    }

    String describe() {
        return peerName() + (dialled == null ? " (incoming, " : " (outgoing, ") + state() + ", " + security() + ")";
    }
}
