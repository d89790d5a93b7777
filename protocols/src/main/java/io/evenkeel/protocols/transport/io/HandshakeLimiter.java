package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.HandshakePlaces;
import io.evenkeel.protocols.transport.core.HandshakePlaces.Evicted;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.TokenBucket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Takes incoming connections and bounds what strangers can cost: the places of connections without a certificate, those
 * of connections with one that have not introduced themselves, and the TLS handshakes that start in a second.
 * {@link HandshakePlaces} and {@link TokenBucket} decide.
 */
@Sharable
public final class HandshakeLimiter extends ChannelInitializer<Channel> {
    /**
     * Each costs this side a signature before the peer has proved anything: about a tenth of a core with RSA keys of
     * 2048 bits.
     */
    static final int HANDSHAKES_PER_SECOND = 100;

    private static final AttributeKey<Place> PLACE = AttributeKey.valueOf(HandshakeLimiter.class, "place");

    private final TransportContext transport;
    private final Dialer dialer;
    private final ConnectionEvents events;
    private final EventLoop control;
    // Guarded by this object, since connections come in on all event loops.
    private final HandshakePlaces<PeerConnection> strangers;
    private final HandshakePlaces<PeerConnection> certified;
    private final TokenBucket pace;
    private final Queue<TlsOnFirstRecord> waiting = new ArrayDeque<>();
    private boolean scheduled;

    public HandshakeLimiter(TransportContext transport, Dialer dialer, ConnectionEvents events, EventLoop control) {
        this.transport = transport;
        this.dialer = dialer;
        this.events = events;
        this.control = control;
        int limit = transport.config.maxPendingHandshakes();
        this.strangers = new HandshakePlaces<>(limit);
        this.certified = new HandshakePlaces<>(limit);
        this.pace = new TokenBucket(HANDSHAKES_PER_SECOND, limit, System.nanoTime());
    }

    /** The place of one connection, first among strangers. */
    private final class Place extends ChannelInboundHandlerAdapter {
        private final InetAddress host;
        private final PeerConnection connection;

        Place(InetAddress host, PeerConnection connection) {
            this.host = host;
            this.connection = connection;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                certify();
            }
            ctx.fireUserEventTriggered(event);
        }

        private void certify() {
            Evicted<PeerConnection> evicted;
            synchronized (HandshakeLimiter.this) {
                strangers.leave(host, connection);
                evicted = certified.take(host, connection).orElse(null);
                count();
            }
            if (evicted != null) {
                evicted.connection().refuse(tooMany(evicted, "connections with a certificate"));
            }
        }

        void leave() {
            synchronized (HandshakeLimiter.this) {
                strangers.leave(host, connection);
                certified.leave(host, connection);
                count();
            }
        }
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
            // It was reset before it was taken.
            channel.close();
            return;
        }
        PeerConnection connection = new PeerConnection(transport, events, null, transport.ours());
        Place place = new Place(peer.getAddress(), connection);
        channel.attr(PLACE).set(place);
        dialer.equip(channel, connection, transport.tls == null ? null : new TlsOnFirstRecord(this, transport.tls));
        channel.pipeline().addBefore(channel.pipeline().context(connection).name(), "place", place);
        Evicted<PeerConnection> evicted;
        synchronized (this) {
            evicted = strangers.take(place.host, connection).orElse(null);
            count();
        }
        channel.closeFuture().addListener(closed -> place.leave());
        if (evicted != null) {
            evicted.connection().turnAway(tooMany(evicted, "connections"));
        }
    }

    private Refusal tooMany(Evicted<PeerConnection> evicted, String what) {
        return new Refusal(
                Refusal.Reason.TOO_MANY_PENDING,
                transport.config.maxPendingHandshakes() + " " + what + " have not introduced themselves, "
                        + evicted.held() + " of them from " + evicted.host().getHostAddress());
    }

    private void count() {
        transport.stats.pendingHandshakes.set(strangers.taken() + certified.taken());
    }

    /** Frees the place of an incoming connection whose peer is known now. */
    static void introduced(Channel channel) {
        Place place = channel.attr(PLACE).get();
        if (place != null) {
            place.leave();
        }
    }

    /** Starts a TLS handshake now or when its turn comes. */
    void start(TlsOnFirstRecord handshake) {
        synchronized (this) {
            if (!waiting.isEmpty() || !pace.take(System.nanoTime())) {
                waiting.add(handshake);
                schedule();
                return;
            }
        }
        handshake.start();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            control.schedule(this::startWaiting, pace.waitNs(System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void startWaiting() {
        scheduled = false;
        while (!waiting.isEmpty()) {
            if (!waiting.peek().isActive()) {
                waiting.remove();
            } else if (pace.take(System.nanoTime())) {
                waiting.remove().start();
            } else {
                schedule();
                return;
            }
        }
    }
}
