package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.BadFrames;
import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Endpoints;
import io.evenkeel.protocols.transport.core.ForeignHello;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Hello.Purpose;
import io.evenkeel.protocols.transport.core.PeerLink;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockGreeting;
import io.evenkeel.protocols.transport.core.StockPeers;
import io.evenkeel.protocols.transport.core.StockPeers.Alpn;
import io.evenkeel.protocols.transport.core.TokenBucket;
import io.evenkeel.protocols.transport.core.UnreadableFrameException;
import io.evenkeel.protocols.transport.frame.Frames;
import io.evenkeel.protocols.transport.tls.PeerCredentials;
import io.evenkeel.protocols.transport.tls.TlsEngines;
import io.evenkeel.protocols.transport.tls.TlsFailures;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Version;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/** The conversation over one connection: TLS, introductions, frames. Lives on its event loop, as {@link Link} does. */
public final class PeerConnection extends Link implements PeerLink {
    private static final int QUESTIONS_PER_SECOND = 20;
    private static final int QUESTIONS_AT_ONCE = 200;

    private final StockPeers.Dialling dialling;
    private final HelloExchange introduction;
    private final ConnectionWriter writer;
    private final Runnable drain = this::drain;
    /** The peer as JGroups is told of it, once it has introduced itself. */
    @SuppressWarnings("NullAway.Init")
    private IpAddress sender;

    private volatile @Nullable PeerCredentials credentials;

    private final BadFrames badFrames = new BadFrames();
    private final TokenBucket questions = new TokenBucket(QUESTIONS_PER_SECOND, QUESTIONS_AT_ONCE, System.nanoTime());

    /** True if both sides see the same two ends of it. */
    private volatile boolean direct;
    /** The peer's answer to the challenge of this side's HELLO; null if it gave none. */
    private volatile Claim.@Nullable Answer answer;

    private Alpn alpn = Alpn.NO_TLS;
    /** True if the peer has shown that it takes the connection. */
    private volatile boolean confirmed;

    /** True if it is proved that the peer has the address that it claims; written by the control loop. */
    private volatile boolean proven;

    /** The keys and trust that it was made with, or later ones. */
    public final long generation;

    /** The time when it was dialled, or came in. */
    public final long startedNs = System.nanoTime();

    /** A connection that is about to be dialled, or with null has just come in. */
    public PeerConnection(
            TransportContext transport, ConnectionEvents events, @Nullable IpAddress dialled, Hello ours) {
        this(transport, events, dialled, ours, StockPeers.Dialling.OWN_ONLY);
    }

    /** The same, with the framings that may be spoken over one that is dialled. */
    public PeerConnection(
            TransportContext transport,
            ConnectionEvents events,
            @Nullable IpAddress dialled,
            Hello ours,
            StockPeers.Dialling dialling) {
        super(transport, events, dialled);
        this.dialling = dialling;
        this.generation = transport.generation();
        this.introduction = new HelloExchange(transport, dialled, ours);
        this.writer = new ConnectionWriter(transport);
    }

    /** Adds what reads, behind TLS. */
    public void addTo(ChannelPipeline pipeline) {
        if (dialled == null && transport.config.stockPeers()) {
            pipeline.addLast(new GreetingReader(this));
        }
        pipeline.addLast(this);
    }

    @Override
    PeerConnection self() {
        return this;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        introduction.begin(ctx, this::handshakeTimedOut);
        if (transport.tls == null) {
            introduce(ctx);
        }
    }

    private void introduce(ChannelHandlerContext ctx) {
        if (dialled == null) {
            introduction.secured(ctx, StockPeers.listensFirst(transport.config.stockPeers(), alpn));
        } else if (StockPeers.dialled(dialling, alpn) == Framing.OWN) {
            introduction.secured(ctx, false);
        } else {
            greet(ctx);
        }
    }

    /** Speaks as JGroups' TCP does: the peer says nothing, and takes what comes behind the greeting. */
    private void greet(ChannelHandlerContext ctx) {
        readAs(Framing.STOCK);
        IpAddress peer = Objects.requireNonNull(dialled);
        sender = peer;
        InetSocketAddress there = new InetSocketAddress(peer.getIpAddress(), peer.getPort());
        Optional<Refusal> refusal = certified(ctx, there);
        if (refusal.isPresent()) {
            turnDown(refusal.get());
        } else if (introduction.greet(ctx, stock(there))) {
            introduction.end();
            open();
            events.onAccepted(this);
        }
    }

    /** Takes the greeting of a peer that speaks as JGroups' TCP does. */
    void greeted(StockGreeting greeting) {
        if (state() != State.OPENING) {
            return;
        }
        readAs(Framing.STOCK);
        enter(State.INTRODUCED);
        Hello theirs = stock(greeting.address());
        sender = IpAddresses.of(theirs.address());
        introduction.greeted(theirs);
        StockPeers.judge(greeting, Version.version, alpn)
                .or(() -> certified(context(), theirs.address()))
                .ifPresentOrElse(this::turnDown, () -> events.onHello(this, theirs));
    }

    private Hello stock(InetSocketAddress there) {
        Hello said = new Hello(transport.ours().clusterName(), there, 0, MemberIdentity.at(IpAddresses.of(there)));
        return channel().remoteAddress() instanceof InetSocketAddress remote
                ? said.inZoneOf(remote.getAddress())
                : said;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (handshake.isSuccess()) {
                PeerCredentials shown = tls().credentials(tls);
                credentials = shown;
                tls().judge(tls, shown).ifPresentOrElse(this::turnDown, () -> secured(ctx));
            } else {
                fail(tls().explain(tls, TlsFailures.of(handshake.cause())));
            }
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            ending().closed();
        }
    }

    /** Behind a TLS handshake there is TLS. */
    private TlsEngines tls() {
        return Objects.requireNonNull(transport.tls);
    }

    private void secured(ChannelHandlerContext ctx) {
        transport.secured.add(this);
        ctx.channel().closeFuture().addListener(closed -> transport.secured.remove(this));
        alpn = tls().alpn(ctx.pipeline().get(SslHandler.class));
        introduce(ctx);
    }

    private void handshakeTimedOut() {
        if (state() == State.CLOSING) {
            return;
        }
        ending().timedOut();
        String missing = state() == State.OPEN ? "no confirmation" : "no introduction";
        fail(new Refusal(
                Refusal.Reason.HANDSHAKE_TIMEOUT,
                missing + " within " + transport.config.handshakeTimeoutMs() + " ms"));
    }

    @Override
    public void frame(ChannelHandlerContext ctx, FrameType type, byte[] bytes, int offset, int bodyBytes) {
        if (state() == State.CLOSED || state() == State.REFUSING) {
            return;
        }
        if (type == FrameType.DATA) {
            requireState(hears() && introduction.purpose() != Purpose.LIVENESS, type);
            if (!confirmed && !confirm(bytes, offset, bodyBytes)) {
                return;
            }
            transport.stats.framesReceived.increment();
            transport.stats.bytesReceived.add(bodyBytes);
            writer.use();
            try {
                transport.listener.onData(sender, bytes, offset, bodyBytes);
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
                                foreign -> turnDown(
                                        foreign.refusal(transport.ours().version())),
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

    /** The first frame: one that was taken for a member on JGroups' TCP may say HELLO. */
    private boolean confirm(byte[] bytes, int offset, int bodyBytes) {
        if (framing() == Framing.STOCK && Hello.isFrame(bytes, offset, bodyBytes)) {
            fail(new Refusal(Refusal.Reason.YIELD, "it speaks Evenkeel's framing, in which it is dialled again"));
            return false;
        }
        confirmed = true;
        return true;
    }

    private void unreadable(UnreadableFrameException why) {
        transport.stats.framesUnreadable.increment();
        transport.log.unreadable(peerName(), why);
        if (badFrames.add(System.nanoTime())) {
            throw new ProtocolViolationException(
                    BadFrames.LIMIT + " frames in a minute could not be read, the last one since " + why.getMessage());
        }
    }

    /** A member asks once for each connection that another process makes in its peer's name. */
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
        certified(ctx, hello.address())
                .or(() -> misplaced(hello))
                .or(() -> introduction.hear(ctx, hello))
                .ifPresentOrElse(this::turnDown, () -> introduced(hello));
    }

    private Optional<Refusal> certified(ChannelHandlerContext ctx, InetSocketAddress claimed) {
        return transport.tls == null
                ? Optional.empty()
                : transport.tls.judge(ctx.pipeline().get(SslHandler.class), claimed.getAddress());
    }

    /**
     * Judges what is found at an address that was dialled, before it learns the number of this attempt: that number
     * proves elsewhere that this member dialled. Incoming connections are judged by {@link ConnectionEvents#onHello}.
     */
    private Optional<Refusal> misplaced(Hello hello) {
        if (dialled == null || introduction.purpose() == Purpose.PROBE) {
            return Optional.empty();
        }
        if (transport.listener.isElsewhere(hello.member(), sender)) {
            return Optional.of(new Refusal(
                    Refusal.Reason.MEMBER_ELSEWHERE,
                    "the process at " + dialled + " bears the id of a member that is known at another address"));
        }
        if (dialled.equals(sender)) {
            return Optional.empty();
        }
        String announced = "the process at " + dialled + " announces " + sender;
        if (transport.members.contains(dialled)) {
            return Optional.of(new Refusal(Refusal.Reason.MEMBER_ELSEWHERE, announced));
        }
        if (transport.members.contains(sender)) {
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
        if (framing() == Framing.OWN) {
            Frames.write(context(), FrameType.REFUSE, refusal.forPeer().encode());
        }
        // What comes before the end means nothing any more.
        enter(State.REFUSING);
        if (dialled == null || framing() == Framing.STOCK) {
            close();
        } else {
            awaitClose();
        }
    }

    private void accepted(ChannelHandlerContext ctx, ByteBuffer body) {
        if (dialled == null) {
            requireState(hears(), FrameType.ACCEPT);
            introduction.end();
            events.onConfirmed(this);
            return;
        }
        requireState(state() == State.INTRODUCED, FrameType.ACCEPT);
        answer = body.hasRemaining() ? Claim.Answer.decode(body) : null;
        introduction.end();
        open();
        Frames.write(ctx, FrameType.ACCEPT);
        events.onAccepted(this);
    }

    private void open() {
        enter(State.OPEN);
        limitFrames(transport.config.maxFrameBytes());
        transport.stats.handshakesOk.increment();
        gauge().incrementAndGet();
        confirmed = framing() == Framing.OWN || dialled == null;
        introduction.member().filter(theirs -> framing() == Framing.OWN).ifPresent(theirs -> {
            transport.versions.compare(transport.ours(), theirs);
            transport.listener.onPeer(IpAddresses.of(theirs.address()), theirs.member());
        });
        transport.log.debug("connected with " + describe());
    }

    /** Takes an incoming connection that has introduced itself. Any thread. */
    public void accept() {
        accept(new byte[0]);
    }

    /** The same, answering the challenge of the peer's HELLO. Any thread. */
    public void accept(Claim.Answer toChallenge) {
        accept(toChallenge.encode());
    }

    private void accept(byte[] body) {
        channel().eventLoop().execute(() -> {
            if (state() == State.INTRODUCED) {
                if (framing() == Framing.OWN) {
                    introduction.accepted();
                    open();
                    Frames.write(context(), FrameType.ACCEPT, body);
                } else {
                    // There is no confirmation to wait for.
                    introduction.end();
                    open();
                    GreetingReader.release(context());
                }
            }
        });
    }

    /** Turns an incoming connection down and closes it. Any thread. */
    public void refuse(Refusal refusal) {
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

    /**
     * Ends the connection of a peer that is not trusted any more, with the reason. Any thread.
     *
     * @param whenMember called if it has spoken for a member until then; what was asked of it before comes first
     */
    public void distrust(Refusal refusal, Runnable whenMember) {
        channel().eventLoop().execute(() -> {
            if (speaksForMember()) {
                whenMember.run();
            }
            if (state() == State.OPEN && framing() == Framing.OWN) {
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
    public void ask(long attempt) {
        say(FrameType.ASK, ByteBuffer.allocate(Long.BYTES).putLong(0, attempt).array());
    }

    /** Says something about the connection between two frames of data. Any thread. */
    public void say(FrameType type, byte[] body) {
        channel().eventLoop().execute(() -> {
            // A peer that asks and reads nothing gets no more answers.
            if (state() == State.OPEN && channel().isWritable()) {
                Frames.write(context(), type, body);
            }
        });
    }

    /** Has what waits for the peer written. Any thread; the first of many callers schedules the work. */
    public void scheduleDrain() {
        if (writer.schedule()) {
            channel().eventLoop().execute(drain);
        }
    }

    private void drain() {
        writer.begin();
        if (state() == State.OPEN) {
            writer.drain(context(), framing());
        }
    }

    @Override
    void drainAll() {
        writer.drainAll(context(), framing());
    }

    @Override
    AtomicInteger gauge() {
        return introduction.purpose() == Purpose.LIVENESS
                ? transport.stats.livenessConnections
                : transport.stats.openConnections;
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

    /** The certificates that the peer has shown in its TLS handshake; null in plain mode, and before that. */
    public @Nullable PeerCredentials credentials() {
        return credentials;
    }

    /** True if it ends, or has ended. */
    public boolean isClosing() {
        return switch (state()) {
            case OPENING, INTRODUCED, OPEN -> false;
            case REFUSING, CLOSING, CLOSED -> true;
        };
    }

    /**
     * True if it carries messages of a peer that has proved its address, and goes on doing so: one that was renewed is
     * closing, and the peer is judged by the new one.
     */
    public boolean speaksForMember() {
        return proven && state() == State.OPEN && introduction.purpose() == Purpose.MESSAGES;
    }

    /** True if nothing on the way terminates it, as far as both sides can see. */
    public boolean isDirect() {
        return direct;
    }

    @Override
    public boolean isProven() {
        return proven;
    }

    /** It is proved that the peer has the address that it claims. Control loop. */
    public void prove() {
        proven = true;
    }

    @Override
    public boolean isConfirmed() {
        return confirmed;
    }

    /** True if it comes from the host of the address that the peer claims. */
    public boolean comesFromClaimed() {
        return channel().remoteAddress() instanceof InetSocketAddress remote
                && remote.getAddress().equals(hello().address().getAddress());
    }

    public Optional<Claim.Answer> answer() {
        return Optional.ofNullable(answer);
    }

    /** The number with which this side dials, see {@link Claim}; 0 if it was dialled. */
    @Override
    public long attemptNumber() {
        return dialled == null ? 0 : introduction.attempt();
    }

    public HelloExchange introduction() {
        return introduction;
    }

    public ConnectionWriter writer() {
        return writer;
    }

    /** The peer's HELLO, null before it came. */
    @Override
    public @Nullable Hello theirs() {
        return introduction.theirs();
    }

    /** The peer's HELLO, which has come. */
    public Hello hello() {
        return Objects.requireNonNull(theirs());
    }

    /** The peer without its ephemeral port, so that lines about one peer are recognised as such. */
    public String peerName() {
        return PeerLabel.name(dialled, theirs(), channel());
    }

    /** TLS protocol and cipher, or that there is none. */
    public String security() {
        return PeerLabel.security(channel());
    }

    public String describe() {
        return peerName() + (dialled == null ? " (incoming, " : " (outgoing, ") + state() + ", " + security()
                + (framing() == Framing.OWN ? "" : ", JGroups' TCP") + ")";
    }
}
