package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Claim;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.Refusal;
import io.evenkeel.protocols.wire.core.TieBreak;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * All connections with peers. The control loop is the single writer of everything here but the lanes' queues; other
 * threads only look lanes up and offer frames to them.
 */
final class PeerTable implements ConnectionEvents {
    private final WireContext wire;
    private final Dialer dialer;
    private final EventLoop control;
    private final Lanes lanes;
    private final Redialer redialer;
    private final Renewals renewals;
    private final Claims claims;
    private final LivenessConnections liveness;
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
    private final SecureRandom random = new SecureRandom();
    /** The loop of the connection that came last. */
    private volatile EventLoop busyLoop;

    private boolean leaving;

    PeerTable(WireContext wire, Dialer dialer, Lanes lanes, EventLoop control) {
        this.wire = wire;
        this.dialer = dialer;
        this.lanes = lanes;
        this.control = control;
        this.busyLoop = control;
        this.liveness = new LivenessConnections(wire, dialer, lanes, control, connections);
        this.redialer = new Redialer(wire, lanes, liveness, control, this::dial);
        this.renewals = new Renewals(wire, lanes, control, redialer);
        this.claims = new Claims(wire, lanes, liveness, control);
    }

    private PeerConnection dial(Lane lane) {
        lane.lastAttempt = random.nextLong();
        PeerConnection attempt = dialer.dial(lane.peer, wire.ours().asAttempt(lane.lastAttempt), this);
        connections.add(attempt);
        return attempt;
    }

    /** Has the lane's queue written, over a connection to be made if need be. Any thread. */
    void wake(Lane lane) {
        redialer.wake(lane);
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
        Optional<Refusal> refusal = Refusal.judge(wire.ours(), theirs, leaving);
        if (refusal.isPresent()) {
            connection.refuse(refusal.get());
            return;
        }
        switch (theirs.purpose()) {
            case PROBE -> connection.accept();
            case LIVENESS -> liveness.take(connection, theirs);
            case MESSAGES -> {
                Lane lane = lanes.to(IpAddresses.of(theirs.address()));
                if (lane.attempt != null
                        && TieBreak.keepOurs(lane.attempt.introduction().isSaid(), wire.ours(), theirs)) {
                    preferOurs(connection);
                } else {
                    claims.examine(lane, connection, () -> admit(lane, connection, theirs));
                }
            }
        }
    }

    private static void preferOurs(PeerConnection connection) {
        connection.refuse(new Refusal(Refusal.Reason.YIELD, "this member's own connection is on its way"));
    }

    private void admit(Lane lane, PeerConnection connection, Hello theirs) {
        PeerConnection attempt = lane.attempt;
        if (attempt != null) {
            boolean ourHelloSent = !attempt.introduction().forestall();
            if (TieBreak.keepOurs(ourHelloSent, wire.ours(), theirs)) {
                preferOurs(connection);
                return;
            }
            lane.attempt = null;
            attempt.abort();
        }
        connection.outbox().lane = lane;
        connection.accept();
        // The peer may give this attempt up yet, for our own connection: until it confirms, the old one stays.
        boolean better = lane.current != null && connection.proven && !lane.current.proven;
        if (lane.current == null || better || lane.known.incarnation() != theirs.incarnation()) {
            install(lane, connection, theirs);
        }
    }

    @Override
    public void onConfirmed(PeerConnection connection) {
        control.execute(() -> {
            Lane lane = connection.outbox().lane;
            if (lane != null && lane.current != connection && connections.contains(connection)) {
                install(lane, connection, connection.theirs());
            }
        });
    }

    @Override
    public void onAccepted(PeerConnection connection) {
        control.execute(() -> {
            Lane lane = lanes.to(connection.dialled);
            if (lane.attempt != connection) {
                connection.closeGracefully();
                return;
            }
            lane.attempt = null;
            connection.outbox().lane = lane;
            connection.proven = true;
            install(lane, connection, connection.theirs());
        });
    }

    private void install(Lane lane, PeerConnection connection, Hello theirs) {
        PeerConnection old = lane.current;
        Hello known = lane.known;
        if (old != null || known != null) {
            wire.stats.reconnects.increment();
        }
        lane.current = connection;
        busyLoop = connection.channel().eventLoop();
        lane.wanted.set(false);
        lane.known = theirs;
        if (known != null && known.incarnation() != theirs.incarnation()) {
            liveness.keepOnly(lane, theirs.incarnation());
        }
        lane.failures = 0;
        lane.lastFailure = null;
        connection.scheduleDrain();
        if (old != null) {
            old.closeGracefully();
        }
        redialer.found(lane, known, theirs, connection.proven);
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
        onControl(wire, control, connection, () -> closed(connection));
    }

    /** Reports the end of a connection to the control loop, if there is one still. */
    static void onControl(WireContext wire, EventLoop control, PeerConnection connection, Runnable report) {
        try {
            control.execute(report);
        } catch (RejectedExecutionException e) {
            // The transport has ended, and its table with it: an attempt to connect was the last to hear of that.
            wire.log.debug("closed after the end: " + connection.dialled);
        }
    }

    private void closed(PeerConnection connection) {
        forget(connection);
        claims.ended(connection);
        liveness.ended(connection);
    }

    private void forget(PeerConnection connection) {
        connections.remove(connection);
        Lane lane = connection.dialled != null ? lanes.to(connection.dialled) : connection.outbox().lane;
        if (connection.dialled == null || (lane != null && lane.current == connection)) {
            connection.ending().refusal().ifPresent(why -> wire.log.refused(connection.peerName(), why));
        }
        if (lane == null) {
            return;
        }
        if (lane.attempt == connection) {
            lane.attempt = null;
            redialer.attemptEnded(lane, connection);
        } else if (lane.current == connection) {
            lane.current = null;
            redialer.lost(lane, connection);
        }
    }

    /** The members, or their addresses, have changed. Any thread. */
    void membersChanged() {
        control.execute(liveness::arrange);
    }

    /** Has all connections replaced, keys or trust have changed. Any thread. */
    void renew() {
        renewals.begin();
    }

    /** Tries again what could not be renewed, and closes what nobody needs. Control loop. */
    void sweep() {
        renewals.round();
        liveness.renew();
        lanes.sweep();
        liveness.sweep();
    }

    /** Closes all connections, with a word or without; this member goes on. Control loop. */
    void clearConnections(boolean graceful) {
        connections.forEach(graceful ? PeerConnection::closeGracefully : PeerConnection::abort);
    }

    /** Says goodbye to everybody and takes part in nothing more. Control loop. */
    void leave() {
        leaving = true;
        redialer.stop();
        liveness.stop();
        connections.forEach(PeerConnection::closeGracefully);
    }

    /** Whether connections are left. Any thread. */
    boolean isConnected() {
        return !connections.isEmpty();
    }

    /** Forgets everything; the loops are about to end. Control loop. */
    void clear() {
        leaving = true;
        redialer.stop();
        liveness.stop();
        connections.forEach(PeerConnection::abort);
        lanes.clear();
    }
}
