package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.BadFrames;
import io.evenkeel.protocols.wire.core.Claim;
import io.evenkeel.protocols.wire.core.Endpoints;
import io.evenkeel.protocols.wire.core.ForeignHello;
import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.Hello.Purpose;
import io.evenkeel.protocols.wire.core.ProtocolViolationException;
import io.evenkeel.protocols.wire.core.Refusal;
import io.evenkeel.protocols.wire.core.TokenBucket;
import io.evenkeel.protocols.wire.core.UnreadableFrameException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.stack.IpAddress;

/** The conversation over one connection: TLS, introductions, frames. Lives on its event loop, as {@link Link} does. */
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

    /** Whether both sides see the same two ends of it. */
    private volatile boolean direct;
    /** The peer's answer to the challenge of this side's HELLO; null if it gave none. */
    private volatile Claim.Answer answer;

    /** Whether it is proved that the peer has the address that it claims; written by the control loop. */
    volatile boolean proven;

    /** The keys and trust that it was made with, or later ones. */
    final long generation;

    /** The time when it was dialled, or came in. */
    final long startedNs = System.nanoTime();

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
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            ending().closed();
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
            requireState(hears() && introduction.purpose() != Purpose.LIVENESS, type);
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
            case HELLO -> {
                requireState(state() == State.OPENING, type);
                ForeignHello.of(body)
                        .ifPresentOrElse(
                                foreign -> turnDown(foreign.refusal(wire.ours().version())),
                                () -> hello(ctx, IpAddresses.hello(body, channel())));
            }
            case ACCEPT -> accepted(ctx, body);
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
                requireState(hears() && introduction.purpose() == Purpose.MESSAGES, type);
                requireRare(type);
                events.onAsked(this, Claim.attempt(body));
            }
            case ANSWER -> {
                requireState(hears() && introduction.purpose() == Purpose.MESSAGES, type);
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
        sender = IpAddresses.of(hello.address());
        Endpoints theirs = hello.extensions().endpoints();
        direct = theirs != null
                && IpAddresses.endpoints(channel()).filter(theirs::mirror).isPresent();
        enter(State.INTRODUCED);
        Optional<Refusal> refusal = wire.tls == null
                ? Optional.empty()
                : wire.tls.judge(
                        ctx.pipeline().get(SslHandler.class), hello.address().getAddress());
        refusal.or(() -> misplaced(hello))
                .or(() -> introduction.hear(ctx, hello))
                .ifPresentOrElse(this::turnDown, () -> introduced(hello));
    }

    /**
     * Judges what is found at an address that was dialled, before it learns the number of this attempt: that number proves
     * elsewhere that this member dialled. What comes in is judged by {@link Claims}.
     */
    private Optional<Refusal> misplaced(Hello hello) {
        if (dialled == null || introduction.purpose() == Purpose.PROBE) {
            return Optional.empty();
        }
        if (wire.listener.isElsewhere(hello.member(), sender)) {
            return Optional.of(new Refusal(
                    Refusal.Reason.MEMBER_ELSEWHERE,
                    "the process at " + dialled + " bears the id of a member that is known at another address"));
        }
        if (dialled.equals(sender)) {
            return Optional.empty();
        }
        String announced = "the process at " + dialled + " announces " + sender;
        if (wire.members.contains(dialled)) {
            return Optional.of(new Refusal(Refusal.Reason.MEMBER_ELSEWHERE, announced));
        }
        if (wire.members.contains(sender)) {
            return Optional.of(new Refusal(Refusal.Reason.OTHER_ADDRESS, announced));
        }
        return Optional.empty();
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

    private void accepted(ChannelHandlerContext ctx, ByteBuffer body) {
        if (dialled == null) {
            requireState(hears(), FrameType.ACCEPT);
            events.onConfirmed(this);
            return;
        }
        requireState(state() == State.INTRODUCED, FrameType.ACCEPT);
        answer = body.hasRemaining() ? Claim.Answer.decode(body) : null;
        open();
        Frames.write(ctx, FrameType.ACCEPT);
        events.onAccepted(this);
    }

    private void open() {
        enter(State.OPEN);
        limitFrames(wire.config.maxFrameBytes());
        introduction.end();
        wire.stats.handshakesOk.increment();
        gauge().incrementAndGet();
        introduction.member().ifPresent(theirs -> {
            wire.versions.compare(wire.ours(), theirs);
            wire.listener.onPeer(IpAddresses.of(theirs.address()), theirs.member());
        });
        wire.log.debug("connected with " + describe());
    }

    /** Takes an incoming connection that has introduced itself. Any thread. */
    void accept() {
        accept(new byte[0]);
    }

    /** The same, answering the challenge of the peer's HELLO. Any thread. */
    void accept(Claim.Answer toChallenge) {
        accept(toChallenge.encode());
    }

    private void accept(byte[] body) {
        channel().eventLoop().execute(() -> {
            if (state() == State.INTRODUCED) {
                open();
                Frames.write(context(), FrameType.ACCEPT, body);
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
                gauge().decrementAndGet();
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
    AtomicInteger gauge() {
        return introduction.purpose() == Purpose.LIVENESS ? wire.stats.livenessConnections : wire.stats.openConnections;
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

    /** Whether it carries messages of a peer that has proved its address. */
    boolean speaksForMember() {
        return proven && introduction.purpose() == Purpose.MESSAGES;
    }

    /** Whether nothing on the way terminates it, as far as both sides can see. */
    boolean isDirect() {
        return direct;
    }

    Optional<Claim.Answer> answer() {
        return Optional.ofNullable(answer);
    }

    /** The number with which this side dials, see {@link Claim}; 0 if it was dialled. */
    long attemptNumber() {
        return dialled == null ? 0 : introduction.attempt();
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
