package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.BadFrames;
import io.evenkeel.protocols.wire.core.Claim;
import io.evenkeel.protocols.wire.core.ForeignHello;
import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.ProtocolViolationException;
import io.evenkeel.protocols.wire.core.Refusal;
import io.evenkeel.protocols.wire.core.TokenBucket;
import io.evenkeel.protocols.wire.core.UnreadableFrameException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jgroups.stack.IpAddress;

/** What is said over one connection: TLS, introductions, frames. Lives on its event loop, as {@link Link} does. */
final class PeerConnection extends Link {
    private static final int QUESTIONS_PER_SECOND = 20;
    private static final int QUESTIONS_AT_ONCE = 200;

    private final Introduction introduction;
    private final Outbox outbox;
    private final Runnable drain = this::drain;
    /** The peer as JGroups is told of it, once it has introduced itself. */
    private IpAddress sender;

    private volatile PeerCredentials credentials;

    private final BadFrames badFrames = new BadFrames();
    private final TokenBucket questions = new TokenBucket(QUESTIONS_PER_SECOND, QUESTIONS_AT_ONCE, System.nanoTime());

    /** The keys and trust that it was made with, or later ones. */
    final long generation;

    /** A connection that is about to be dialled, or with null has just come in. */
    PeerConnection(WireContext wire, ConnectionEvents events, IpAddress dialled, Hello ours) {
        super(wire, events, dialled);
        this.generation = wire.generation();
        this.introduction = new Introduction(wire, dialled, ours);
        this.outbox = new Outbox(wire, this);
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
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (handshake.isSuccess()) {
                credentials = wire.tls.credentials(tls);
                wire.tls.judge(credentials).ifPresentOrElse(this::turnDown, () -> secured(ctx));
            } else {
                fail(wire.tls.explain(tls, TlsFailures.of(handshake.cause())));
            }
        }
    }

    private void secured(ChannelHandlerContext ctx) {
        wire.secured.add(this);
        ctx.channel().closeFuture().addListener(closed -> wire.secured.remove(this));
        introduction.secured(ctx);
    }

    private void handshakeTimedOut() {
        ending().timedOut();
        fail(new Refusal(
                Refusal.Reason.HANDSHAKE_TIMEOUT,
                "no introduction within " + wire.config.handshakeTimeoutMs() + " ms"));
    }

    @Override
    void frame(ChannelHandlerContext ctx, FrameType type, byte[] bytes, int offset, int bodyBytes) {
        if (state() == State.CLOSED || state() == State.REFUSING) {
            return;
        }
        if (type == FrameType.DATA) {
            requireState(hears(), type);
            wire.stats.framesReceived.increment();
            wire.stats.bytesReceived.add(bodyBytes);
            outbox.use();
            try {
                wire.listener.onData(sender, bytes, offset, bodyBytes);
            } catch (UnreadableFrameException e) {
                unreadable(e);
            }
            return;
        }
        // A copy: what is said of a peer is kept for longer than the frame.
        ByteBuffer body = ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, offset + bodyBytes));
        switch (type) {
            case HELLO ->
                ForeignHello.of(body)
                        .ifPresentOrElse(
                                foreign -> turnDown(foreign.refusal(wire.ours().version())),
                                () -> hello(ctx, IpAddresses.hello(body, channel())));
            case ACCEPT -> accepted(ctx);
            case REFUSE -> {
                Refusal why = Refusal.decode(body);
                // Over an open connection it is the end of the peer's trust.
                boolean plain = (!hears() && dialled != null) || why.reason().harmless();
                fail(plain ? why : new Refusal(Refusal.Reason.REFUSED_BY_PEER, why.reason() + ", " + why.detail()));
            }
            case GOODBYE -> {
                requireState(hears(), type);
                heardGoodbye();
            }
            case ASK -> {
                requireState(hears(), type);
                requireRare(type);
                events.onAsked(this, Claim.attempt(body));
            }
            case ANSWER -> {
                requireState(hears(), type);
                requireRare(type);
                events.onAnswered(this, Claim.attempt(body), Claim.Answer.decode(body));
            }
            default -> throw new IllegalStateException("unhandled " + type);
        }
    }

    private void unreadable(UnreadableFrameException why) {
        wire.stats.framesUnreadable.increment();
        wire.log.unreadable(peerName(), why);
        if (badFrames.add(System.nanoTime())) {
            throw new ProtocolViolationException(
                    BadFrames.LIMIT + " frames in a minute could not be read, the last one since " + why.getMessage());
        }
    }

    /** A member asks once for each connection that somebody else makes in its peer's name. */
    private void requireRare(FrameType type) {
        if (!questions.take(System.nanoTime())) {
            throw new ProtocolViolationException("a flood of " + type);
        }
    }

    private void hello(ChannelHandlerContext ctx, Hello hello) {
        requireState(state() == State.OPENING, FrameType.HELLO);
        sender = IpAddresses.of(hello.address());
        enter(State.INTRODUCED);
        Optional<Refusal> refusal = wire.tls == null
                ? Optional.empty()
                : wire.tls.judge(
                        ctx.pipeline().get(SslHandler.class), hello.address().getAddress());
        refusal.or(() -> introduction.hear(ctx, hello)).ifPresentOrElse(this::turnDown, () -> introduced(hello));
    }

    private void introduced(Hello hello) {
        if (dialled == null) {
            events.onHello(this, hello);
        }
    }

    private void turnDown(Refusal refusal) {
        ending().refused(refusal);
        Frames.write(context(), FrameType.REFUSE, refusal.forPeer().encode());
        if (dialled == null) {
            close();
        } else {
            awaitClose();
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
        introduction.member().ifPresent(theirs -> {
            wire.versions.compare(wire.ours(), theirs);
            wire.listener.onPeer(IpAddresses.of(theirs.address()), theirs.member());
        });
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
                turnDown(refusal);
            }
        });
    }

    /** Ends an incoming connection that is not accepted yet, with a word once that can be understood. Any thread. */
    void turnAway(Refusal refusal) {
        channel().eventLoop().execute(() -> {
            if (state() != State.OPENING && state() != State.INTRODUCED) {
                return;
            }
            if (introduction.isSecured()) {
                turnDown(refusal);
            } else {
                fail(refusal);
            }
        });
    }

    /** Ends the connection of a peer that is not trusted any more, with the reason. Any thread. */
    void distrust(Refusal refusal) {
        channel().eventLoop().execute(() -> {
            if (state() == State.OPEN) {
                wire.stats.openConnections.decrementAndGet();
                ending().refused(refusal);
                Frames.write(context(), FrameType.REFUSE, refusal.encode());
                awaitClose();
            } else {
                fail(refusal);
            }
        });
    }

    /** Asks the peer whether an attempt to connect is its own. Any thread. */
    void ask(long attempt) {
        say(FrameType.ASK, ByteBuffer.allocate(Long.BYTES).putLong(0, attempt).array());
    }

    /** Says something about the connection between two frames of data. Any thread. */
    void say(FrameType type, byte[] body) {
        channel().eventLoop().execute(() -> {
            // A peer that asks and reads nothing gets no more answers.
            if (state() == State.OPEN && channel().isWritable()) {
                Frames.write(context(), type, body);
            }
        });
    }

    /** Has the lane's queue written. Any thread; the first of many callers schedules the work. */
    void scheduleDrain() {
        if (outbox.schedule()) {
            channel().eventLoop().execute(drain);
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

    /** What the peer has shown in its TLS handshake; null in plain mode, and before that. */
    PeerCredentials credentials() {
        return credentials;
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
