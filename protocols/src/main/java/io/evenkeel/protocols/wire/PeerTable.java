package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.LossDecision;
import io.evenkeel.protocols.wire.core.LossDecision.OnLoss;
import io.evenkeel.protocols.wire.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.wire.core.LossDecision.Outcome;
import io.evenkeel.protocols.wire.core.Refusal;
import io.evenkeel.protocols.wire.core.TieBreak;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Who is connected with whom. The control loop is the single writer of everything here but the lanes' queues; other
 * threads only look lanes up and offer frames to them.
 */
final class PeerTable implements ConnectionEvents {
    private static final int MAX_ATTEMPTS_AFTER_LOSS = 5;

    private final WireContext wire;
    private final Dialer dialer;
    private final EventLoop control;
    private final Lanes lanes;
    private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
    private boolean leaving;

    PeerTable(WireContext wire, Dialer dialer, Lanes lanes, EventLoop control) {
        this.wire = wire;
        this.dialer = dialer;
        this.lanes = lanes;
        this.control = control;
    }

    /** Has the lane's queue written, over a connection to be made if need be. Any thread. */
    void wake(Lane lane) {
        PeerConnection connection = lane.current;
        if (connection != null) {
            connection.scheduleDrain();
        } else if (lane.wanted.compareAndSet(false, true)) {
            control.execute(() -> connect(lane));
        }
    }

    private void connect(Lane lane) {
        if (leaving) {
            lane.discard();
            return;
        }
        if (lane.current != null || lane.attempt != null) {
            return;
        }
        long waitNs = lane.retryAtNs - System.nanoTime();
        if (lane.failures > 0 && waitNs > 0) {
            control.schedule(() -> connect(lane), waitNs, TimeUnit.NANOSECONDS);
            return;
        }
        lane.attempt = dialer.dial(lane.peer, wire.ours(), this);
        connections.add(lane.attempt);
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
        Lane lane = lanes.to(IpAddresses.of(theirs.address()));
        if (theirs.probe()) {
            connection.accept();
            return;
        }
        PeerConnection attempt = lane.attempt;
        if (attempt != null) {
            boolean ourHelloSent = !attempt.forestall();
            if (TieBreak.keepOurs(ourHelloSent, wire.ours(), theirs)) {
                connection.refuse(new Refusal(Refusal.Reason.YIELD, "this member's own connection is on its way"));
                return;
            }
            lane.attempt = null;
            attempt.abort();
        }
        connection.lane = lane;
        connection.accept();
        // A HELLO that comes although there is a connection is of a peer that has lost its end, or of an attempt that
        // the
        // peer has given up since for our own connection: only the former confirms, and the old one stays until then.
        if (lane.current == null || lane.known.incarnation() != theirs.incarnation()) {
            install(lane, connection, theirs);
        }
    }

    @Override
    public void onConfirmed(PeerConnection connection) {
        control.execute(() -> {
            Lane lane = connection.lane;
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
            connection.lane = lane;
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
        lane.wanted.set(false);
        lane.known = theirs;
        lane.failures = 0;
        lane.attemptsSinceLoss = 0;
        lane.lastFailure = null;
        connection.scheduleDrain();
        if (old != null) {
            old.closeGracefully();
        }
        if (known != null
                && LossDecision.replaced(
                        wire.listener.isMember(known.member()),
                        isLeaving(),
                        known.incarnation(),
                        theirs.incarnation())) {
            suspect(lane, known, "another process answers at its address");
        }
    }

    @Override
    public void onClosed(PeerConnection connection) {
        control.execute(() -> closed(connection));
    }

    private void closed(PeerConnection connection) {
        connections.remove(connection);
        Lane lane = connection.dialled != null ? lanes.to(connection.dialled) : connection.lane;
        if (connection.dialled == null || (lane != null && lane.current == connection)) {
            connection.ending().refusal().ifPresent(why -> wire.log.refused(connection.peerName(), why));
        }
        if (lane == null) {
            return;
        }
        if (lane.attempt == connection) {
            lane.attempt = null;
            attemptEnded(lane, connection);
        } else if (lane.current == connection) {
            lane.current = null;
            lost(lane, connection);
        }
    }

    private void lost(Lane lane, PeerConnection connection) {
        wire.log.debug("connection ended: " + connection.describe()
                + connection.ending().refusal().map(why -> ": " + why.detail()).orElse(""));
        lane.wanted.set(false);
        boolean member = wire.listener.isMember(lane.known.member());
        if (LossDecision.onLoss(connection.ending().saidGoodbye(), member, isLeaving()) == OnLoss.RECONNECT) {
            lane.attemptsSinceLoss = 1;
            lane.wanted.set(true);
            connect(lane);
        } else if (!lane.isEmpty()) {
            wake(lane);
        }
    }

    private void attemptEnded(Lane lane, PeerConnection attempt) {
        Outcome outcome = attempt.ending().outcome();
        lane.failures++;
        long delayMs = wire.config
                .backoff()
                .delayMs(lane.failures, ThreadLocalRandom.current().nextDouble());
        lane.retryAtNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs);
        if (outcome != Outcome.YIELDED) {
            explain(lane, attempt.ending(), outcome);
        }
        OnOutcome reaction = OnOutcome.IGNORE;
        if (lane.attemptsSinceLoss > 0 && lane.known != null) {
            boolean member = wire.listener.isMember(lane.known.member());
            reaction = LossDecision.onOutcome(
                    outcome, member, isLeaving(), lane.attemptsSinceLoss++, MAX_ATTEMPTS_AFTER_LOSS);
        }
        if (outcome == Outcome.YIELDED || reaction == OnOutcome.TRY_AGAIN) {
            connect(lane);
            return;
        }
        lane.discard();
        lane.attemptsSinceLoss = 0;
        if (reaction == OnOutcome.SUSPECT) {
            suspect(lane, lane.known, "its connection broke and its port refuses a new one");
        }
        lane.wanted.set(false);
        if (!lane.isEmpty()) {
            wake(lane);
        }
    }

    private void explain(Lane lane, Ending ending, Outcome outcome) {
        wire.stats.connectsFailed.increment();
        String reason = outcome + ", " + ending.why();
        if (!reason.equals(lane.lastFailure)) {
            lane.lastFailure = reason;
            wire.log.failed(lane.peer.toString(), outcome, ending, lanes.isMember(lane));
        }
    }

    private boolean isLeaving() {
        return leaving || wire.listener.isLeaving();
    }

    private void suspect(Lane lane, Hello dead, String why) {
        wire.stats.suspects.increment();
        wire.log.info("suspecting the member at " + lane.peer + ": " + why);
        wire.listener.onDead(dead.member());
    }

    /** Says goodbye to everybody and takes part in nothing more. Control loop. */
    void leave() {
        leaving = true;
        connections.forEach(PeerConnection::closeGracefully);
    }

    /** Whether connections are left. Any thread. */
    boolean isConnected() {
        return !connections.isEmpty();
    }

    /** Forgets everything; the loops are about to end. Control loop. */
    void clear() {
        leaving = true;
        connections.forEach(PeerConnection::abort);
        lanes.clear();
    }
}
