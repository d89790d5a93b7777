package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.log.TransportMessages;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.PeerAction;
import io.evenkeel.protocols.transport.core.PeerAction.Accept;
import io.evenkeel.protocols.transport.core.PeerAction.Acquit;
import io.evenkeel.protocols.transport.core.PeerAction.CallBack;
import io.evenkeel.protocols.transport.core.PeerAction.Close;
import io.evenkeel.protocols.transport.core.PeerAction.Dial;
import io.evenkeel.protocols.transport.core.PeerAction.Discard;
import io.evenkeel.protocols.transport.core.PeerAction.Doubt;
import io.evenkeel.protocols.transport.core.PeerAction.Evidence;
import io.evenkeel.protocols.transport.core.PeerAction.Install;
import io.evenkeel.protocols.transport.core.PeerAction.Lose;
import io.evenkeel.protocols.transport.core.PeerAction.Refuse;
import io.evenkeel.protocols.transport.core.PeerAction.Report;
import io.evenkeel.protocols.transport.core.PeerAction.Retire;
import io.evenkeel.protocols.transport.core.PeerAction.Suspect;
import io.evenkeel.protocols.transport.core.PeerLifecycle;
import io.evenkeel.protocols.transport.core.PeerLifecycle.Situation;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.io.CloseCause;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Carries out what {@link PeerLifecycle} decides, and tells it of the facts. Control loop, but for {@link #wake}. */
final class PeerActions {
    private final TransportContext transport;
    private final Peers peers;
    private final LivenessConnections liveness;
    private final EventLoop control;
    private final Function<Peer, PeerConnection> dial;
    private boolean leaving;
    /** The loop of the connection that came last. */
    private volatile EventLoop busyLoop;

    /** Carries out nothing yet; with a function that starts to connect to a peer. */
    PeerActions(
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
        this.busyLoop = control;
    }

    /** Has the peer's queue written, over a connection to be made if need be. Any thread. */
    void wake(Peer peer) {
        PeerConnection connection = peer.current;
        if (connection != null) {
            connection.scheduleDrain();
        } else if (peer.wanted.compareAndSet(false, true)) {
            control.execute(() -> {
                if (leaving) {
                    peer.life.retire();
                }
                run(peer, peer.life.askedToSend(situation(peer)));
            });
        }
    }

    EventLoop busyLoop() {
        return busyLoop;
    }

    /** The facts about a peer now. */
    Situation situation(Peer peer) {
        Hello known = peer.life.known();
        return new Situation(
                System.nanoTime(),
                known != null && isMember(peer, known),
                leaving || transport.listener.isLeaving(),
                peer.life.isInDoubt() && liveness.hasEnded(peer),
                !peer.queue.isEmpty(),
                ThreadLocalRandom.current().nextDouble());
    }

    /** True if a process is a member, and JGroups knows that member at the peer's address. */
    private boolean isMember(Peer peer, Hello process) {
        return transport.listener.isMember(process.member())
                && !transport.listener.isElsewhere(process.member(), peer.address);
    }

    void run(Peer peer, List<PeerAction<PeerConnection>> actions) {
        for (PeerAction<PeerConnection> action : actions) {
            run(peer, action);
        }
        peer.wanted.set(peer.life.isConnecting());
        if (peer.current == null && !peer.life.isConnecting() && !peer.queue.isEmpty()) {
            // Something was offered after the queue was emptied, by a sender that found a connection asked for.
            wake(peer);
        }
    }

    private void run(Peer peer, PeerAction<PeerConnection> action) {
        if (action instanceof Dial) {
            peer.life.dialled(dial.apply(peer));
        } else if (action instanceof CallBack<?> callBack) {
            control.schedule(
                    () -> run(peer, peer.life.tick(situation(peer))),
                    callBack.atNs() - System.nanoTime(),
                    TimeUnit.NANOSECONDS);
        } else if (action instanceof Accept<PeerConnection> accept) {
            accept.connection().accept();
        } else if (action instanceof Refuse<PeerConnection> refuse) {
            preferOwn(refuse.connection());
        } else if (action instanceof Install<PeerConnection> install) {
            install(peer, install);
        } else if (action instanceof Close<PeerConnection> close) {
            close.connection().closeGracefully();
        } else if (action instanceof Lose<PeerConnection> lose) {
            lose(peer, lose.connection());
        } else if (action instanceof Report<PeerConnection> report) {
            report(peer, report.attempt().ending(), report.outcome());
        } else if (action instanceof Discard) {
            peer.queue.discard();
        } else if (action instanceof Suspect<?> suspect) {
            suspect(peer, suspect.dead(), suspect.evidence());
        } else if (action instanceof Doubt<?> doubt) {
            doubt(peer, doubt.member());
        } else if (action instanceof Acquit) {
            transport.stats.suspectsRefused.increment();
        } else if (action instanceof Retire) {
            peers.remove(peer);
        }
    }

    /** Turns a connection down, since this member's own one is on its way. */
    static void preferOwn(PeerConnection connection) {
        connection.refuse(new Refusal(Refusal.Reason.YIELD, "this member's own connection is on its way"));
    }

    private void install(Peer peer, Install<PeerConnection> install) {
        PeerConnection connection = install.connection();
        if (install.again()) {
            transport.stats.reconnects.increment();
        }
        connection.writer().empty(peer.queue, () -> peer.current == connection);
        peer.current = connection;
        peer.lastFailure = null;
        busyLoop = connection.channel().eventLoop();
        connection.scheduleDrain();
        liveness.arrange();
    }

    private void lose(Peer peer, PeerConnection connection) {
        peer.current = null;
        transport.log.debug("connection ended: " + connection.describe()
                + connection.ending().refusal().map(why -> ": " + why.detail()).orElse(""));
    }

    private void report(Peer peer, CloseCause ending, Outcome outcome) {
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

    private void suspect(Peer peer, Hello dead, Evidence evidence) {
        String why =
                switch (evidence) {
                    case OTHER_PROCESS -> "another process answers at its address";
                    case CONNECTIONS_ENDED -> "its connections ended and its port refuses new ones";
                    case PORT_REFUSES ->
                        "its port has refused all connections for "
                                + transport.config.lifecycle().patientRefusalMs() + " ms";
                };
        transport.stats.suspects.increment();
        transport.log.info(TransportMessages.SUSPECTING, peer.address, why);
        transport.listener.onDead(dead.member());
    }

    private void doubt(Peer peer, Hello member) {
        transport.stats.doubts.increment();
        transport.log.info(TransportMessages.ASKING, peer.address);
        transport.listener.onDoubt(member.member());
    }

    /** Dials no more, and suspects no more. */
    void stop() {
        leaving = true;
        peers.all().forEach(peer -> peer.life.retire());
    }
}
