package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.PeerLifecycle;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockPeers;
import io.evenkeel.protocols.transport.io.CloseCause;
import io.evenkeel.protocols.transport.io.ConnectionEvents;
import io.evenkeel.protocols.transport.io.Dialer;
import io.evenkeel.protocols.transport.io.IpAddresses;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final PeerActions actions;
    private final ConnectionRotation rotation;
    private final AddressOwnership ownership;
    private final LivenessConnections liveness;
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
    /** The peers of connections for messages: of attempts, and of those that have come in and were admitted. */
    private final Map<PeerConnection, Peer> owners = new HashMap<>();

    private final SecureRandom random = new SecureRandom();
    private boolean leaving;

    public PeerTable(TransportContext transport, Dialer dialer, Peers peers, EventLoop control) {
        this.transport = transport;
        this.dialer = dialer;
        this.peers = peers;
        this.control = control;
        this.liveness = new LivenessConnections(transport, dialer, peers, control, connections);
        this.actions = new PeerActions(transport, peers, liveness, control, this::dial);
        this.rotation = new ConnectionRotation(transport, peers, control, actions);
        this.ownership = new AddressOwnership(transport, peers, liveness, control);
    }

    private PeerConnection dial(Peer peer) {
        StockPeers.Dialling dialling = transport.listener.speaksOwn(peer.address)
                ? StockPeers.Dialling.OWN_ONLY
                : peer.life.dialling(
                        transport.config.stockPeers(), actions.situation(peer).member());
        PeerConnection attempt =
                dialer.dial(peer.address, transport.ours().asAttempt(random.nextLong()), dialling, this);
        connections.add(attempt);
        owners.put(attempt, peer);
        return attempt;
    }

    /** Has the peer's queue written, over a connection to be made if need be. Any thread. */
    void wake(Peer peer) {
        actions.wake(peer);
    }

    /** An event loop that is likely to be awake. Any thread. */
    EventLoop busyLoop() {
        return actions.busyLoop();
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
        if (connection.framing() == Framing.STOCK) {
            judgeStock(connection, theirs);
            return;
        }
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
                PeerConnection attempt = peer.life.attempt();
                boolean said = attempt != null && attempt.introduction().isSaid();
                if (peer.life.prefersOwn(transport.ours(), said, theirs)) {
                    PeerActions.preferOwn(connection);
                } else {
                    ownership.examine(peer, connection, () -> admit(peer, connection));
                }
            }
        }
    }

    /** Takes or refuses a peer on JGroups' TCP, which has said its address only. */
    private void judgeStock(PeerConnection connection, Hello theirs) {
        if (leaving) {
            connection.refuse(new Refusal(Refusal.Reason.LEAVING, "this member is leaving"));
            return;
        }
        Peer peer = peers.at(IpAddresses.of(theirs.address()));
        PeerLifecycle.Situation now = actions.situation(peer);
        StockPeers.Claimed claimed = new StockPeers.Claimed(
                theirs.address().equals(transport.ours().address()),
                peer.life.speaksOwn(now.member()) || transport.listener.speaksOwn(peer.address),
                peers.isMember(peer),
                connection.comesFromClaimed());
        Optional<Refusal> refusal = StockPeers.judge(peer.address.toString(), claimed);
        if (refusal.isPresent()) {
            connection.refuse(refusal.get());
            return;
        }
        owners.put(connection, peer);
        PeerConnection attempt = peer.life.attempt();
        boolean greeted = attempt != null && !attempt.introduction().forestall();
        actions.run(
                peer, peer.life.arrivedFromStock(connection, transport.ours().address(), greeted, now));
    }

    private void admit(Peer peer, PeerConnection connection) {
        owners.put(connection, peer);
        PeerConnection attempt = peer.life.attempt();
        boolean said = attempt != null && !attempt.introduction().forestall();
        actions.run(peer, peer.life.arrived(connection, transport.ours(), said, actions.situation(peer)));
    }

    @Override
    public void onConfirmed(PeerConnection connection) {
        control.execute(() -> {
            Peer peer = owners.get(connection);
            if (peer != null) {
                actions.run(peer, peer.life.confirmed(connection));
            }
        });
    }

    @Override
    public void onAccepted(PeerConnection connection) {
        control.execute(() -> {
            connection.prove();
            Peer peer = Objects.requireNonNull(owners.get(connection));
            actions.run(peer, peer.life.accepted(connection, actions.situation(peer)));
        });
    }

    @Override
    public void onAsked(PeerConnection connection, long attempt) {
        control.execute(() -> ownership.asked(connection, attempt));
    }

    @Override
    public void onAnswered(PeerConnection connection, long attempt, Claim.Answer answer) {
        control.execute(() -> ownership.answered(connection, attempt, answer));
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
        ownership.ended(connection);
        liveness.ended(connection);
    }

    private void forget(PeerConnection connection) {
        connections.remove(connection);
        Peer peer = owners.remove(connection);
        if (connection.dialled == null || (peer != null && peer.current == connection)) {
            connection.ending().refusal().ifPresent(why -> transport.log.refused(connection.peerName(), why));
        }
        if (peer != null) {
            CloseCause cause = connection.ending();
            // With TLS, ALPN tells; where stock peers are refused, none is looked for.
            boolean maybeStock = transport.config.stockPeers() && transport.tls == null && cause.isWordless();
            PeerLifecycle.End end = new PeerLifecycle.End(
                    cause.outcome(), connection.startedNs, cause.saidGoodbye(), cause.isForLoad(), maybeStock);
            actions.run(peer, peer.life.closed(connection, end, actions.situation(peer)));
        }
    }

    /** The members, or their addresses, have changed. Any thread. */
    public void membersChanged() {
        control.execute(liveness::arrange);
    }

    /** Has all connections replaced, keys or trust have changed. Any thread. */
    public void renew() {
        rotation.begin();
    }

    /** Tries again what could not be renewed, and closes unused connections. Control loop. */
    public void sweep() {
        rotation.round();
        liveness.renew();
        List.copyOf(peers.all()).forEach(this::sweep);
        liveness.sweep();
    }

    private void sweep(Peer peer) {
        boolean used = peer.current != null && peer.current.writer().takeUsed();
        actions.run(peer, peer.life.sweep(used, !peer.queue.isEmpty(), peers.isMember(peer)));
    }

    /** Closes all connections, with a word or without; this member goes on. Control loop. */
    public void clearConnections(boolean graceful) {
        connections.forEach(graceful ? PeerConnection::closeGracefully : PeerConnection::abort);
    }

    /** Says goodbye to everybody and takes part in nothing more. Control loop. */
    public void leave() {
        leaving = true;
        actions.stop();
        liveness.stop();
        connections.forEach(PeerConnection::closeGracefully);
    }

    /** True if connections are left. Any thread. */
    public boolean isConnected() {
        return !connections.isEmpty();
    }

    /** Forgets everything; the loops are about to end. Control loop. */
    public void clear() {
        leaving = true;
        actions.stop();
        liveness.stop();
        connections.forEach(PeerConnection::abort);
        peers.clear();
    }
}
