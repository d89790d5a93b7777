package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.ProtocolViolationException;
import io.evenkeel.protocols.wire.core.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.stack.IpAddress;

/**
 * One connection: TLS, introductions, frames, farewell. Lives on its event loop; methods that other threads may call say
 * so.
 */
final class PeerConnection extends FrameReader {
    private enum State {
        OPENING,
        INTRODUCED,
        OPEN,
        CLOSING,
        CLOSED
    }

    private final WireContext wire;
    private final ConnectionEvents events;
    private final Hello introduction;
    private final Ending ending = new Ending();
    private final Pump pump;
    /** The address that was dialled; null for an incoming connection. */
    final IpAddress dialled;

    private volatile State state = State.OPENING;
    private volatile Hello theirs;
    /** Whether our HELLO is out, or must never be. */
    private final AtomicBoolean introduced = new AtomicBoolean();

    private volatile Channel channel;
    /** What it empties; set by the control loop before it opens. */
    volatile Lane lane;

    private ChannelHandlerContext context;
    private Inbox inbox;
    private PendingHandshake pending;
    private Future<?> farewell;

    /** A connection that is about to be dialled, or with null has just come in. */
    PeerConnection(WireContext wire, ConnectionEvents events, IpAddress dialled, Hello introduction) {
        super(WireConfig.HANDSHAKE_FRAME_BYTES);
        this.wire = wire;
        this.events = events;
        this.dialled = dialled;
        this.introduction = introduction;
        this.pump = new Pump(wire.stats);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        channel = ctx.channel();
    }

    /** Names the channel before its event loop has seen it, so that the connection can be aborted at once. */
    void attach(Channel dialling) {
        channel = dialling;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        pending = new PendingHandshake(wire, dialled == null, ctx.executor(), this::handshakeTimedOut);
        if (wire.tls == null) {
            secured(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                secured(ctx);
            } else {
                fail(TlsFailures.of(handshake.cause()));
            }
        }
    }

    private void secured(ChannelHandlerContext ctx) {
        // With TLS the accepting side speaks first, see FrameType. In clear nothing can be refused before, and a TLS
        // port has to see at once that these bytes are not TLS.
        if (dialled == null || wire.tls == null) {
            introduce(ctx);
        }
    }

    private void introduce(ChannelHandlerContext ctx) {
        if (introduced.compareAndSet(false, true)) {
            Frames.write(ctx, FrameType.HELLO, introduction.encode());
        }
    }

    private void handshakeTimedOut() {
        ending.timedOut();
        fail(new Refusal(
                Refusal.Reason.HANDSHAKE_TIMEOUT,
                "no introduction within " + wire.config.handshakeTimeoutMs() + " ms"));
    }

    @Override
    void frame(ChannelHandlerContext ctx, FrameType type, ByteBuf in, int bodyBytes) {
        if (state == State.CLOSED) {
            return;
        }
        if (type == FrameType.DATA) {
            requireState(state == State.OPEN || state == State.CLOSING, type);
            wire.stats.framesReceived.increment();
            wire.stats.bytesReceived.add(bodyBytes);
            pump.use();
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
                requireState(dialled != null && state != State.OPEN, type);
                fail(Refusal.decode(body));
            }
            case GOODBYE -> {
                requireState(state == State.OPEN || state == State.CLOSING, type);
                ending.goodbye();
                close();
            }
            default -> throw new IllegalStateException("unhandled " + type);
        }
    }

    private void accepted(ChannelHandlerContext ctx) {
        if (dialled == null) {
            requireState(state == State.OPEN || state == State.CLOSING, FrameType.ACCEPT);
            events.onConfirmed(this);
            return;
        }
        requireState(state == State.INTRODUCED, FrameType.ACCEPT);
        open();
        Frames.write(ctx, FrameType.ACCEPT);
        events.onAccepted(this);
    }

    private static void requireState(boolean right, FrameType type) {
        if (!right) {
            throw new ProtocolViolationException(type + " at the wrong time");
        }
    }

    private void hello(ChannelHandlerContext ctx, Hello hello) {
        requireState(state == State.OPENING, FrameType.HELLO);
        theirs = hello;
        inbox = new Inbox(wire.listener, hello.address());
        state = State.INTRODUCED;
        if (dialled == null) {
            events.onHello(this, hello);
        } else if (hello.incarnation() == introduction.incarnation() && !introduction.probe()) {
            fail(new Refusal(Refusal.Reason.SAME_PROCESS, dialled + " is an address of this member itself"));
        } else {
            introduce(ctx);
        }
    }

    private void open() {
        state = State.OPEN;
        limitFrames(wire.config.maxFrameBytes());
        pending.end();
        wire.stats.handshakesOk.increment();
        wire.stats.openConnections.incrementAndGet();
        if (!introduction.probe() && !theirs.probe()) {
            wire.listener.onPeer(IpAddresses.of(theirs.address()), theirs.member());
        }
        wire.log.debug("connected with " + describe());
    }

    /** Takes an incoming connection that has introduced itself. Any thread. */
    void accept() {
        channel.eventLoop().execute(() -> {
            if (state == State.INTRODUCED) {
                open();
                Frames.write(context, FrameType.ACCEPT);
            }
        });
    }

    /** Turns an incoming connection down and closes it. Any thread. */
    void refuse(Refusal refusal) {
        channel.eventLoop().execute(() -> {
            if (state == State.INTRODUCED) {
                ending.refused(refusal);
                Frames.write(context, FrameType.REFUSE, refusal.encode());
                close();
            }
        });
    }

    /** Has the lane's queue written. Any thread; the first of many callers schedules the work. */
    void scheduleDrain() {
        if (pump.schedule()) {
            channel.eventLoop().execute(this::drain);
        }
    }

    private void drain() {
        pump.begin();
        if (state == State.OPEN && isCurrent()) {
            pump.run(context, lane, false);
        }
    }

    /** Whether the lane's frames are its to write: not before it is confirmed, nor once another one took its place. */
    private boolean isCurrent() {
        Lane mine = lane;
        return mine != null && mine.current == this;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (state == State.OPEN && channel.isWritable()) {
            scheduleDrain();
        }
    }

    /**
     * Writes what is queued and a GOODBYE, then waits for the peer to close: whoever closes with unread bytes in its
     * buffer sends a reset, which may overtake the GOODBYE and look like a death. Any thread.
     */
    void closeGracefully() {
        channel.eventLoop().execute(() -> {
            if (state != State.OPEN) {
                close();
                return;
            }
            if (isCurrent()) {
                pump.run(context, lane, true);
            }
            state = State.CLOSING;
            ending.goodbye();
            Frames.write(context, FrameType.GOODBYE);
            farewell = context.executor().schedule(this::close, wire.config.goodbyeTimeoutMs(), TimeUnit.MILLISECONDS);
        });
    }

    /** Closes without a word. Any thread. */
    void abort() {
        channel.eventLoop().execute(this::close);
    }

    private void fail(Refusal why) {
        ending.refused(why);
        close();
    }

    private void close() {
        channel.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(TlsFailures.of(cause));
    }

    /** The dialled address did not answer; ends a connection that never was active. */
    void connectFailed(Throwable cause) {
        ending.connectFailed(cause);
        ended();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        try {
            super.channelInactive(ctx);
        } finally {
            pending.end();
            if (farewell != null) {
                farewell.cancel(false);
            }
            ended();
        }
    }

    private void ended() {
        if (state == State.OPEN || state == State.CLOSING) {
            wire.stats.openConnections.decrementAndGet();
        }
        state = State.CLOSED;
        events.onClosed(this);
    }

    Ending ending() {
        return ending;
    }

    /** Keeps this side's HELLO from ever going out; false if it has gone out already. Any thread. */
    boolean forestall() {
        return introduced.compareAndSet(false, true);
    }

    Hello theirs() {
        return theirs;
    }

    Pump pump() {
        return pump;
    }

    Channel channel() {
        return channel;
    }

    /** The peer without its ephemeral port, so that lines about one peer are recognised as such. */
    String peerName() {
        return PeerLabel.name(dialled, theirs, channel);
    }

    /** TLS protocol and cipher, or that there is none. */
    String security() {
        return PeerLabel.security(channel);
    }

    String describe() {
        return peerName() + (dialled == null ? " (incoming, " : " (outgoing, ") + state + ", " + security() + ")";
    }
}
