package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Hello.Purpose;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockGreeting;
import io.evenkeel.protocols.transport.frame.Frames;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.Version;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of HELLOs between the two sides of a connection: their order, and the time that they may take. Lives
 * on the connection's event loop; {@link #forestall} and {@link #theirs} may be called by any thread.
 */
public final class HelloExchange {
    private final TransportContext transport;
    private final @Nullable IpAddress dialled;
    private final Hello ours;
    /** True if our HELLO is out, or must never be. */
    private final AtomicBoolean said = new AtomicBoolean();

    private volatile @Nullable Hello theirs;

    @SuppressWarnings("NullAway.Init")
    private PendingHandshake pending;

    private boolean secured;

    /** The exchange on a connection that was dialled to that address, or that has come in if it is null. */
    HelloExchange(TransportContext transport, @Nullable IpAddress dialled, Hello ours) {
        this.transport = transport;
        this.dialled = dialled;
        this.ours = ours;
    }

    void begin(ChannelHandlerContext ctx, Runnable onTimeout) {
        pending = new PendingHandshake(ctx, transport.config.handshakeTimeoutMs(), onTimeout);
    }

    /**
     * Nothing but frames is sent from here on.
     *
     * @param listensFirst whether an accepting side waits for the peer's HELLO
     */
    void secured(ChannelHandlerContext ctx, boolean listensFirst) {
        secured = true;
        // With TLS the accepting side speaks first, see FrameType. In clear nothing can be refused before, and a TLS
        // port has to see at once that these bytes are not TLS.
        if (dialled == null ? !listensFirst : transport.tls == null) {
            say(ctx);
        }
    }

    /** Introduces this side as JGroups' TCP does, to a peer that answers nothing; false if it must not. */
    boolean greet(ChannelHandlerContext ctx, Hello peer) {
        secured = true;
        if (!forestall()) {
            return false;
        }
        theirs = peer;
        StockGreeting greeting = new StockGreeting(Version.version, ours.address());
        ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(greeting.encode()));
        return true;
    }

    /** A peer on JGroups' TCP has greeted. */
    void greeted(Hello peer) {
        theirs = peer;
    }

    /** True if frames can be understood: TLS is done, or there is none. */
    boolean isSecured() {
        return secured;
    }

    /** Takes the peer's HELLO; a dialling side answers it, unless there is a reason not to. */
    Optional<Refusal> hear(ChannelHandlerContext ctx, Hello hello) {
        theirs = hello;
        if (dialled == null) {
            say(ctx);
            return Optional.empty();
        }
        if (hello.incarnation() == ours.incarnation() && !ours.carriesNothing()) {
            return Optional.of(
                    new Refusal(Refusal.Reason.SAME_PROCESS, dialled + " is an address of this member itself"));
        }
        say(ctx);
        return Optional.empty();
    }

    private void say(ChannelHandlerContext ctx) {
        if (said.compareAndSet(false, true)) {
            Hello told = IpAddresses.endpoints(ctx.channel()).map(ours::over).orElse(ours);
            Frames.write(
                    ctx, FrameType.HELLO, told.at(System.currentTimeMillis()).encode());
        }
    }

    /** Keeps this side's HELLO from ever going out; false if it has gone out already. */
    public boolean forestall() {
        return said.compareAndSet(false, true);
    }

    /** True if this side's HELLO is out, or must never be. */
    public boolean isSaid() {
        return said.get();
    }

    /** The number of this side's attempt to connect. */
    long attempt() {
        return ours.attempt();
    }

    /** The use of the connection; that of messages until the peer has introduced itself. */
    Purpose purpose() {
        Hello dialling = dialled == null ? theirs : ours;
        return dialling == null ? Purpose.MESSAGES : dialling.purpose();
    }

    /** The peer's HELLO, null before it came. */
    @Nullable Hello theirs() {
        return theirs;
    }

    /** The peer's HELLO if this connection is to last; empty for a probe of either side. */
    Optional<Hello> member() {
        Hello peer = theirs;
        return peer == null || peer.carriesNothing() || ours.carriesNothing() ? Optional.empty() : Optional.of(peer);
    }

    /** This side has taken a connection that came in. */
    void accepted() {
        pending.accepted();
    }

    /** Both have taken the connection, or it has ended. */
    void end() {
        pending.end();
    }
}
