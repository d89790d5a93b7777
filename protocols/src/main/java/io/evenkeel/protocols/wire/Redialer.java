package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.LossDecision;
import io.evenkeel.protocols.wire.core.LossDecision.Attempt;
import io.evenkeel.protocols.wire.core.LossDecision.OnLoss;
import io.evenkeel.protocols.wire.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.wire.core.LossDecision.Outcome;
import io.netty.channel.EventLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Has connections made for what is to be sent, and again when they end, and tells from the outcome whether a member has
 * died. Control loop, but for {@link #wake}.
 */
final class Redialer {
    /** Attempts in a row that an overloaded peer may turn away before what waits for it is dropped: some 3 to 5 s. */
    private static final int MAX_OVERLOADED = 10;

    private final WireContext wire;
    private final Lanes lanes;
    private final LivenessConnections liveness;
    private final EventLoop control;
    private final Function<Lane, PeerConnection> dial;
    private boolean leaving;

    /** With a function that starts to connect to a lane's peer. */
    Redialer(
            WireContext wire,
            Lanes lanes,
            LivenessConnections liveness,
            EventLoop control,
            Function<Lane, PeerConnection> dial) {
        this.wire = wire;
        this.lanes = lanes;
        this.liveness = liveness;
        this.control = control;
        this.dial = dial;
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
        lane.attempt = dial.apply(lane);
    }

    /** Starts to connect although there is a connection, which goes on until the new one is accepted. */
    void renew(Lane lane) {
        if (!leaving && lane.attempt == null) {
            lane.attempt = dial.apply(lane);
        }
    }

    /** The lane's connection has ended; it is not its current one any more. */
    void lost(Lane lane, PeerConnection connection) {
        wire.log.debug("connection ended: " + connection.describe()
                + connection.ending().refusal().map(why -> ": " + why.detail()).orElse(""));
        lane.wanted.set(false);
        boolean member = isMember(lane, lane.known);
        if (LossDecision.onLoss(connection.ending().saidGoodbye(), member, isLeaving()) == OnLoss.RECONNECT) {
            lane.loss = new LossDecision(wire.config.minRefusalMs(), wire.config.patientRefusalMs());
            lane.wanted.set(true);
            connect(lane);
        } else if (!lane.isEmpty()) {
            wake(lane);
        }
    }

    /** An attempt has ended without a connection; it is not the lane's attempt any more. */
    void attemptEnded(Lane lane, PeerConnection attempt) {
        Outcome outcome = attempt.ending().outcome();
        if (lane.current != null) {
            if (outcome != Outcome.YIELDED) {
                explain(lane, attempt.ending(), outcome);
            }
            return;
        }
        lane.failures++;
        if (outcome != Outcome.YIELDED) {
            explain(lane, attempt.ending(), outcome);
        }
        long nowNs = System.nanoTime();
        boolean ended = lane.loss != null && liveness.hasEnded(lane);
        OnOutcome reaction = judge(lane, new Attempt(outcome, attempt.startedNs), ended, nowNs);
        lane.retryAtNs = nowNs + TimeUnit.MILLISECONDS.toNanos(delayMs(lane, ended, nowNs));
        // A joiner asks each address once before it founds a cluster of its own.
        boolean overloaded = reaction == OnOutcome.IGNORE
                && lane.failures <= MAX_OVERLOADED
                && !lane.isEmpty()
                && attempt.ending().isForLoad();
        if (outcome == Outcome.YIELDED || reaction == OnOutcome.TRY_AGAIN || overloaded) {
            connect(lane);
            return;
        }
        lane.discard();
        switch (reaction) {
            case SUSPECT -> {
                lane.loss = null;
                suspect(
                        lane,
                        lane.known,
                        ended
                                ? "its connections ended and its port refuses new ones"
                                : "its port has refused all connections for " + wire.config.patientRefusalMs() + " ms");
            }
            case DOUBT -> {
                lane.loss = null;
                doubt(lane);
            }
            case IGNORE, TRY_AGAIN -> provedNothing(lane);
        }
        lane.wanted.set(false);
        if (!lane.isEmpty()) {
            wake(lane);
        }
    }

    private OnOutcome judge(Lane lane, Attempt attempt, boolean ended, long nowNs) {
        if (lane.loss == null) {
            return OnOutcome.IGNORE;
        }
        boolean member = isMember(lane, lane.known);
        OnOutcome reaction = lane.loss.onOutcome(attempt, member, isLeaving(), ended, nowNs);
        if (!member) {
            lane.loss = null;
        }
        return reaction;
    }

    private long delayMs(Lane lane, boolean ended, long nowNs) {
        long backoffMs = wire.config
                .backoff()
                .delayMs(lane.failures, ThreadLocalRandom.current().nextDouble());
        return lane.loss == null ? backoffMs : lane.loss.delayMs(backoffMs, ended, nowNs);
    }

    private void provedNothing(Lane lane) {
        if (lane.loss != null && lane.loss.tell()) {
            wire.stats.suspectsRefused.increment();
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

    /**
     * A connection with the lane's peer stands.
     *
     * @param known the process that was known there before, which is dead if it is another one; may be null
     * @param proven whether it is proved that the peer has this address
     */
    void found(Lane lane, Hello known, Hello theirs, boolean proven) {
        if (known != null
                && LossDecision.replaced(
                        isMember(lane, known), isLeaving(), proven, known.incarnation(), theirs.incarnation())) {
            suspect(lane, known, "another process answers at its address");
        } else {
            provedNothing(lane);
        }
        lane.loss = null;
    }

    private void suspect(Lane lane, Hello dead, String why) {
        wire.stats.suspects.increment();
        wire.log.info("suspecting the member at " + lane.peer + ": " + why);
        wire.listener.onDead(dead.member());
    }

    private void doubt(Lane lane) {
        wire.stats.doubts.increment();
        wire.log.info("having the member at " + lane.peer
                + " asked whether it lives: connections to it are taken and closed without a word");
        wire.listener.onDoubt(lane.known.member());
    }

    /** Whether a process is a member, and JGroups knows that member at the lane's address. */
    private boolean isMember(Lane lane, Hello process) {
        return wire.listener.isMember(process.member()) && !wire.listener.isElsewhere(process.member(), lane.peer);
    }

    private boolean isLeaving() {
        return leaving || wire.listener.isLeaving();
    }

    /** Dials nobody any more, and takes nobody for dead. */
    void stop() {
        leaving = true;
    }
}
