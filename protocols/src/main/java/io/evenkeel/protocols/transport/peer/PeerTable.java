package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.TieBreak;
import io.evenkeel.protocols.transport.io.ConnectionEvents;
import io.evenkeel.protocols.transport.io.Dialer;
import io.evenkeel.protocols.transport.io.IpAddresses;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * All connections with peers. The control loop is the single writer of everything here but the peers' queues; other
 * threads only look peers up and offer messages to them.
 */
public final class PeerTable implements ConnectionEvents {
    private final TransportContext transport;
    private final Dialer dialer;
    private final EventLoop control;
    private final Peers peers;
    private final Reconnector redialer;
    private final ConnectionRotation renewals;
    private final AddressOwnership claims;
    private final LivenessConnections liveness;
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
    /** The peers of the connections that have come in and were accepted. */
    private final Map<PeerConnection, Peer> accepted = new HashMap<>();

    private final SecureRandom random = new SecureRandom();
    /** The loop of the connection that came last. */
    private volatile EventLoop busyLoop;

    private boolean leaving;

    public PeerTable(TransportContext transport, Dialer dialer, Peers peers, EventLoop control) {
        this.transport = transport;
        this.dialer = dialer;
        this.peers = peers;
        this.control = control;
        this.busyLoop = control;
        this.liveness = new LivenessConnections(transport, dialer, peers, control, connections);
        this.redialer = new Reconnector(transport, peers, liveness, control, this::dial);
        this.renewals = new ConnectionRotation(transport, peers, control, redialer);
        this.claims = new AddressOwnership(transport, peers, liveness, control);
    }

    private PeerConnection dial(Peer peer) {
        peer.lastAttempt = random.nextLong();
        PeerConnection attempt = dialer.dial(peer.address, transport.ours().asAttempt(peer.lastAttempt), this);
        connections.add(attempt);
        return attempt;
    }

    /** Has the peer's queue written, over a connection to be made if need be. Any thread. */
    void wake(Peer peer) {
        redialer.wake(peer);
    }

    /** An event loop that is likely to be awake. Any thread. */
    EventLoop busyLoop() {
        return busyLoop;
    }

    @Override
    public void onHello(PeerConnection connection, Hello theirs) {
        control.execute(() -> judge(connection, theirs));
    }

    private void judge(PeerConnection connection, Hello theirs) {
        if (!connection.channel().isActive()) {
            return;
        }
        connections.add(connection);
        Optional<Refusal> refusal = Refusal.judge(transport.ours(), theirs, leaving);
        if (refusal.isPresent()) {
            connection.refuse(refusal.get());
            return;
        }
        switch (theirs.purpose()) {
            case PROBE -> connection.accept();
            case LIVENESS -> liveness.take(connection, theirs);
            case MESSAGES -> {
                Peer peer = peers.at(IpAddresses.of(theirs.address()));
                if (peer.attempt != null
                        && TieBreak.keepOurs(peer.attempt.introduction().isSaid(), transport.ours(), theirs)) {
                    preferOurs(connection);
                } else {
                    claims.examine(peer, connection, () -> admit(peer, connection, theirs));
                }
            }
        }
    }

    private static void preferOurs(PeerConnection connection) {
        connection.refuse(new Refusal(Refusal.Reason.YIELD, "this member's own connection is on its way"));
    }

    private void admit(Peer peer, PeerConnection connection, Hello theirs) {
        PeerConnection attempt = peer.attempt;
        if (attempt != null) {
            boolean ourHelloSent = !attempt.introduction().forestall();
            if (TieBreak.keepOurs(ourHelloSent, transport.ours(), theirs)) {
                preferOurs(connection);
                return;
            }
            peer.attempt = null;
            attempt.abort();
        }
        use(connection, peer);
        connection.accept();
        // The peer may give this attempt up yet, for our own connection: until it confirms, the old one stays.
        boolean better = peer.current != null && connection.proven && !peer.current.proven;
        if (peer.current == null || better || peer.known.incarnation() != theirs.incarnation()) {
            install(peer, connection, theirs);
        }
    }

    @Override
    public void onConfirmed(PeerConnection connection) {
        control.execute(() -> {
            Peer peer = accepted.get(connection);
            if (peer != null && peer.current != connection && connections.contains(connection)) {
                install(peer, connection, connection.theirs());
            }
        });
    }

    @Override
    public void onAccepted(PeerConnection connection) {
        control.execute(() -> {
            Peer peer = peers.at(connection.dialled);
            if (peer.attempt != connection) {
                connection.closeGracefully();
                return;
            }
            peer.attempt = null;
            use(connection, peer);
            connection.proven = true;
            install(peer, connection, connection.theirs());
        });
    }

    private void use(PeerConnection connection, Peer peer) {
        if (connection.dialled == null) {
            accepted.put(connection, peer);
        }
        connection.writer().empty(peer.queue, () -> peer.current == connection);
    }

    private void install(Peer peer, PeerConnection connection, Hello theirs) {
        PeerConnection old = peer.current;
        Hello known = peer.known;
        if (old != null || known != null) {
            transport.stats.reconnects.increment();
        }
        peer.current = connection;
        busyLoop = connection.channel().eventLoop();
        peer.wanted.set(false);
        peer.known = theirs;
        if (known != null && known.incarnation() != theirs.incarnation()) {
            liveness.keepOnly(peer, theirs.incarnation());
        }
        peer.failures = 0;
        peer.lastFailure = null;
        connection.scheduleDrain();
        if (old != null) {
            old.closeGracefully();
        }
        redialer.found(peer, known, theirs, connection.proven);
        liveness.arrange();
    }

    @Override
    public void onAsked(PeerConnection connection, long attempt) {
        control.execute(() -> claims.asked(connection, attempt));
    }

    @Override
    public void onAnswered(PeerConnection connection, long attempt, Claim.Answer answer) {
        control.execute(() -> claims.answered(connection, attempt, answer));
    }

    @Override
    public void onClosed(PeerConnection connection) {
        onControl(transport, control, connection, () -> closed(connection));
    }

    /** Reports the end of a connection to the control loop, if there is one still. */
    static void onControl(TransportContext transport, EventLoop control, PeerConnection connection, Runnable report) {
        try {
            control.execute(report);
        } catch (RejectedExecutionException e) {
            // The transport has ended, and its table with it: an attempt to connect was the last to hear of that.
            transport.log.debug("closed after the end: " + connection.dialled);
        }
    }

    private void closed(PeerConnection connection) {
        forget(connection);
        claims.ended(connection);
        liveness.ended(connection);
    }

    private void forget(PeerConnection connection) {
        connections.remove(connection);
        Peer peer = connection.dialled != null ? peers.at(connection.dialled) : accepted.remove(connection);
        if (connection.dialled == null || (peer != null && peer.current == connection)) {
            connection.ending().refusal().ifPresent(why -> transport.log.refused(connection.peerName(), why));
        }
        if (peer == null) {
            return;
        }
        if (peer.attempt == connection) {
            peer.attempt = null;
            redialer.attemptEnded(peer, connection);
        } else if (peer.current == connection) {
            peer.current = null;
            redialer.lost(peer, connection);
        }
    }

    /** The members, or their addresses, have changed. Any thread. */
    public void membersChanged() {
        control.execute(liveness::arrange);
    }

    /** Has all connections replaced, keys or trust have changed. Any thread. */
    public void renew() {
        renewals.begin();
    }

    /** Tries again what could not be renewed, and closes what nobody needs. Control loop. */
    public void sweep() {
        renewals.round();
        liveness.renew();
        peers.sweep();
        liveness.sweep();
    }

    /** Closes all connections, with a word or without; this member goes on. Control loop. */
    public void clearConnections(boolean graceful) {
        connections.forEach(graceful ? PeerConnection::closeGracefully : PeerConnection::abort);
    }

    /** Says goodbye to everybody and takes part in nothing more. Control loop. */
    public void leave() {
        leaving = true;
        redialer.stop();
        liveness.stop();
        connections.forEach(PeerConnection::closeGracefully);
    }

    /** Whether connections are left. Any thread. */
    public boolean isConnected() {
        return !connections.isEmpty();
    }

    /** Forgets everything; the loops are about to end. Control loop. */
    public void clear() {
        leaving = true;
        redialer.stop();
        liveness.stop();
        connections.forEach(PeerConnection::abort);
        peers.clear();
    }
}
