package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.LossDecision;
import io.evenkeel.protocols.transport.core.LossDecision.Attempt;
import io.evenkeel.protocols.transport.core.LossDecision.OnLoss;
import io.evenkeel.protocols.transport.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.io.CloseCause;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Has connections made for what is to be sent, and again when they end, and tells from the outcome whether a member has
 * died. Control loop, but for {@link #wake}.
 */
final class Reconnector {
    /** Attempts in a row that an overloaded peer may turn away before what waits for it is dropped: some 3 to 5 s. */
    private static final int MAX_OVERLOADED = 10;

    private final TransportContext transport;
    private final Peers peers;
    private final LivenessConnections liveness;
    private final EventLoop control;
    private final Function<Peer, PeerConnection> dial;
    private boolean leaving;

    /** With a function that starts to connect to a peer's peer. */
    Reconnector(
            TransportContext transport,
            Peers peers,
            LivenessConnections liveness,
            EventLoop control,
            Function<Peer, PeerConnection> dial) {
        this.transport = transport;
        this.peers = peers;
        this.liveness = liveness;
        this.control = control;
        this.dial = dial;
    }

    /** Has the peer's queue written, over a connection to be made if need be. Any thread. */
    void wake(Peer peer) {
        PeerConnection connection = peer.current;
        if (connection != null) {
            connection.scheduleDrain();
        } else if (peer.wanted.compareAndSet(false, true)) {
            control.execute(() -> connect(peer));
        }
    }

    private void connect(Peer peer) {
        if (leaving) {
            peer.queue.discard();
            return;
        }
        if (peer.current != null || peer.attempt != null) {
            return;
        }
        long waitNs = peer.retryAtNs - System.nanoTime();
        if (peer.failures > 0 && waitNs > 0) {
            control.schedule(() -> connect(peer), waitNs, TimeUnit.NANOSECONDS);
            return;
        }
        peer.attempt = dial.apply(peer);
    }

    /** Starts to connect although there is a connection, which goes on until the new one is accepted. */
    void renew(Peer peer) {
        if (!leaving && peer.attempt == null) {
            peer.attempt = dial.apply(peer);
        }
    }

    /** The peer's connection has ended; it is not its current one any more. */
    void lost(Peer peer, PeerConnection connection) {
        transport.log.debug("connection ended: " + connection.describe()
                + connection.ending().refusal().map(why -> ": " + why.detail()).orElse(""));
        peer.wanted.set(false);
        boolean member = isMember(peer, peer.known);
        if (LossDecision.onLoss(connection.ending().saidGoodbye(), member, isLeaving()) == OnLoss.RECONNECT) {
            peer.loss = new LossDecision(transport.config.minRefusalMs(), transport.config.patientRefusalMs());
            peer.wanted.set(true);
            connect(peer);
        } else if (!peer.queue.isEmpty()) {
            wake(peer);
        }
    }

    /** An attempt has ended without a connection; it is not the peer's attempt any more. */
    void attemptEnded(Peer peer, PeerConnection attempt) {
        Outcome outcome = attempt.ending().outcome();
        if (peer.current != null) {
            if (outcome != Outcome.YIELDED) {
                explain(peer, attempt.ending(), outcome);
            }
            return;
        }
        peer.failures++;
        if (outcome != Outcome.YIELDED) {
            explain(peer, attempt.ending(), outcome);
        }
        long nowNs = System.nanoTime();
        boolean ended = peer.loss != null && liveness.hasEnded(peer);
        OnOutcome reaction = judge(peer, new Attempt(outcome, attempt.startedNs), ended, nowNs);
        peer.retryAtNs = nowNs + TimeUnit.MILLISECONDS.toNanos(delayMs(peer, ended, nowNs));
        // A joiner asks each address once before it founds a cluster of its own.
        boolean overloaded = reaction == OnOutcome.IGNORE
                && peer.failures <= MAX_OVERLOADED
                && !peer.queue.isEmpty()
                && attempt.ending().isForLoad();
        if (outcome == Outcome.YIELDED || reaction == OnOutcome.TRY_AGAIN || overloaded) {
            connect(peer);
            return;
        }
        peer.queue.discard();
        switch (reaction) {
            case SUSPECT -> {
                peer.loss = null;
                suspect(
                        peer,
                        peer.known,
                        ended
                                ? "its connections ended and its port refuses new ones"
                                : "its port has refused all connections for " + transport.config.patientRefusalMs()
                                        + " ms");
            }
            case DOUBT -> {
                peer.loss = null;
                doubt(peer);
            }
            case IGNORE, TRY_AGAIN -> provedNothing(peer);
        }
        peer.wanted.set(false);
        if (!peer.queue.isEmpty()) {
            wake(peer);
        }
    }

    private OnOutcome judge(Peer peer, Attempt attempt, boolean ended, long nowNs) {
        if (peer.loss == null) {
            return OnOutcome.IGNORE;
        }
        boolean member = isMember(peer, peer.known);
        OnOutcome reaction = peer.loss.onOutcome(attempt, member, isLeaving(), ended, nowNs);
        if (!member) {
            peer.loss = null;
        }
        return reaction;
    }

    private long delayMs(Peer peer, boolean ended, long nowNs) {
        long backoffMs = transport
                .config
                .backoff()
                .delayMs(peer.failures, ThreadLocalRandom.current().nextDouble());
        return peer.loss == null ? backoffMs : peer.loss.delayMs(backoffMs, ended, nowNs);
    }

    private void provedNothing(Peer peer) {
        if (peer.loss != null && peer.loss.tell()) {
            transport.stats.suspectsRefused.increment();
        }
    }

    private void explain(Peer peer, CloseCause ending, Outcome outcome) {
        transport.stats.connectsFailed.increment();
        String reason = outcome + ", " + ending.why();
        if (!reason.equals(peer.lastFailure)) {
            peer.lastFailure = reason;
            transport.log.failed(
                    peer.address.toString(),
                    outcome,
                    ending.refusal().orElse(null),
                    ending.why(),
                    peers.isMember(peer));
        }
    }

    /**
     * A connection with the peer's peer stands.
     *
     * @param known the process that was known there before, which is dead if it is another one; may be null
     * @param proven whether it is proved that the peer has this address
     */
    void found(Peer peer, Hello known, Hello theirs, boolean proven) {
        if (known != null
                && LossDecision.replaced(
                        isMember(peer, known), isLeaving(), proven, known.incarnation(), theirs.incarnation())) {
            suspect(peer, known, "another process answers at its address");
        } else {
            provedNothing(peer);
        }
        peer.loss = null;
    }

    private void suspect(Peer peer, Hello dead, String why) {
        transport.stats.suspects.increment();
        transport.log.info("suspecting the member at " + peer.address + ": " + why);
        transport.listener.onDead(dead.member());
    }

    private void doubt(Peer peer) {
        transport.stats.doubts.increment();
        transport.log.info("having the member at " + peer.address
                + " asked whether it lives: connections to it are taken and closed without a word");
        transport.listener.onDoubt(peer.known.member());
    }

    /** Whether a process is a member, and JGroups knows that member at the peer's address. */
    private boolean isMember(Peer peer, Hello process) {
        return transport.listener.isMember(process.member())
                && !transport.listener.isElsewhere(process.member(), peer.address);
    }

    private boolean isLeaving() {
        return leaving || transport.listener.isLeaving();
    }

    /** Dials nobody any more, and takes nobody for dead. */
    void stop() {
        leaving = true;
    }
}
