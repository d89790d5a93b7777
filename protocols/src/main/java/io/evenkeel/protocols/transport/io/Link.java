package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.frame.FrameReader;
import io.evenkeel.protocols.transport.frame.Frames;
import io.evenkeel.protocols.transport.tls.TlsFailures;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The life of a connection, from its channel to its end; what is said over it is its subclass's. Lives on its event
 * loop; methods that other threads may call say so.
 */
abstract class Link extends FrameReader {
    enum State {
        OPENING,
        INTRODUCED,
        OPEN,
        /** This side has said no and waits for the other to close. */
        REFUSING,
        CLOSING,
        CLOSED
    }

    final TransportContext transport;
    final ConnectionEvents events;
    /** The address that was dialled; null for an incoming connection. */
    public final @Nullable IpAddress dialled;

    private final CloseCause ending = new CloseCause();
    private volatile State state = State.OPENING;

    @SuppressWarnings("NullAway.Init")
    private volatile Channel channel;

    @SuppressWarnings("NullAway.Init")
    private ChannelHandlerContext context;
    /** The way of our GOODBYE, once it was said. */
    private @Nullable ChannelFuture goodbye;

    private @Nullable Future<?> farewell;

    Link(TransportContext transport, ConnectionEvents events, @Nullable IpAddress dialled) {
        super(TransportConfig.HANDSHAKE_FRAME_BYTES);
        this.transport = transport;
        this.events = events;
        this.dialled = dialled;
    }

    /** The connection itself, as others know it. */
    abstract PeerConnection self();

    /** Writes what is still to go out before the farewell. */
    abstract void drainAll();

    /** The number of open connections of its kind. */
    abstract AtomicInteger gauge();

    /** Gives up what belongs to a connection that has not ended yet. */
    abstract void release();

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        channel = ctx.channel();
    }

    /** Names the channel before its event loop has seen it, so that the connection can be aborted at once. */
    void attach(Channel dialling) {
        channel = dialling;
    }

    public Channel channel() {
        return channel;
    }

    ChannelHandlerContext context() {
        return context;
    }

    State state() {
        return state;
    }

    void enter(State next) {
        state = next;
    }

    /** True if frames of members may come in. */
    boolean hears() {
        return state == State.OPEN || state == State.CLOSING;
    }

    static void requireState(boolean right, FrameType type) {
        if (!right) {
            throw new ProtocolViolationException(type + " at the wrong time");
        }
    }

    /**
     * Writes what is queued and a GOODBYE, then waits for the peer to close: a side that closes with unread bytes in
     * its buffer sends a reset, which may overtake the GOODBYE and look like a death. A second call changes nothing, as
     * the peer may still be writing. Any thread.
     */
    public void closeGracefully() {
        channel.eventLoop().execute(() -> {
            switch (state) {
                case OPENING, INTRODUCED -> close();
                case OPEN -> {
                    drainAll();
                    sayGoodbye();
                }
                case REFUSING, CLOSING, CLOSED -> {}
            }
        });
    }

    /** Returns the way of the GOODBYE. */
    private ChannelFuture sayGoodbye() {
        ChannelFuture said = goodbye;
        if (said == null) {
            state = State.CLOSING;
            ending.goodbye();
            said = Frames.writeGoodbye(context, framing());
            goodbye = said;
            farewell = context.executor()
                    .schedule(this::close, transport.config.goodbyeTimeoutMs(), TimeUnit.MILLISECONDS);
        }
        return said;
    }

    /**
     * Waits for the peer to close: the end of the stream would overtake what was just written, if the peer is still at
     * work on its side of the TLS handshake.
     */
    final void awaitClose() {
        state = State.REFUSING;
        farewell = context.executor().schedule(this::close, transport.config.goodbyeTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    /** The peer sends nothing more, but still reads what is on its way to it; when that is out, this side closes. */
    final void heardGoodbye() {
        if (framing() == Framing.STOCK) {
            // It has closed its socket, and reads nothing any more.
            ending.goodbye();
            close();
            return;
        }
        sayGoodbye().addListener(done -> close());
    }

    /** Closes without a word. Any thread. */
    public void abort() {
        channel.eventLoop().execute(this::close);
    }

    void fail(Refusal why) {
        ending.refused(why);
        close();
    }

    void close() {
        ending.closed();
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
            release();
            if (farewell != null) {
                farewell.cancel(false);
            }
            ended();
        }
    }

    private void ended() {
        if (hears()) {
            gauge().decrementAndGet();
        }
        if (state == State.OPENING || state == State.INTRODUCED) {
            ending.endedEarly(dialled != null);
        }
        state = State.CLOSED;
        events.onClosed(self());
    }

    public CloseCause ending() {
        return ending;
    }
}
