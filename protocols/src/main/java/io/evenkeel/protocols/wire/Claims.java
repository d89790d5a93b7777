package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Claim;
import io.evenkeel.protocols.wire.core.Claim.Answer;
import io.evenkeel.protocols.wire.core.Claim.Step;
import io.evenkeel.protocols.wire.core.FrameType;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.Refusal;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Incoming connections that claim an address from which somebody else is connected, or was; {@link Claim} decides.
 * Whoever claims waits unaccepted, within the time that his handshake has anyway. Control loop.
 */
final class Claims {
    private record Open(Lane lane, PeerConnection asked, Runnable admit) {}

    private final WireContext wire;
    private final Prober prober;
    private final EventLoop control;
    private final Map<PeerConnection, Open> open = new HashMap<>();

    Claims(WireContext wire, Prober prober, EventLoop control) {
        this.wire = wire;
        this.prober = prober;
        this.control = control;
    }

    /** Admits the newcomer now, later, or never. */
    void examine(Lane lane, PeerConnection newcomer, Runnable admit) {
        Hello known = lane.known;
        boolean member = known != null && wire.listener.isMember(known.member());
        boolean same = known == null || known.incarnation() == newcomer.theirs().incarnation();
        PeerConnection current = lane.current;
        switch (Claim.first(current != null, member, same)) {
            case ADMIT -> admit.run();
            case ASK -> {
                open.put(newcomer, new Open(lane, current, admit));
                current.ask(newcomer.theirs().attempt());
                control.schedule(() -> unanswered(newcomer), stepMs(), TimeUnit.MILLISECONDS);
            }
            case DIAL_BACK -> dialBack(lane, newcomer, admit);
            case REFUSE -> throw new IllegalStateException("nothing is known yet that would refuse");
        }
    }

    /** Both steps together take half of the time that the newcomer has. */
    private long stepMs() {
        return Math.max(1, wire.config.handshakeTimeoutMs() / 4);
    }

    void answered(PeerConnection by, long attempt, Answer answer) {
        for (PeerConnection newcomer : List.copyOf(open.keySet())) {
            Open claim = open.get(newcomer);
            if (claim.asked() == by && newcomer.theirs().attempt() == attempt) {
                open.remove(newcomer);
                if (Claim.next(answer) == Step.ADMIT) {
                    admit(newcomer, claim.admit());
                } else if (answer == Answer.GIVEN_UP) {
                    newcomer.refuse(new Refusal(Refusal.Reason.YIELD, "the peer has given this connection up"));
                } else {
                    refuse(newcomer, "whoever is connected from there says that this connection is not his");
                }
            }
        }
    }

    /** The connection has ended: there is nobody to wait for, or to admit. */
    void ended(PeerConnection connection) {
        open.remove(connection);
        for (PeerConnection newcomer : List.copyOf(open.keySet())) {
            if (open.get(newcomer).asked() == connection) {
                unanswered(newcomer);
            }
        }
    }

    private void unanswered(PeerConnection newcomer) {
        Open claim = open.remove(newcomer);
        if (claim != null) {
            dialBack(claim.lane(), newcomer, claim.admit());
        }
    }

    private void dialBack(Lane lane, PeerConnection newcomer, Runnable admit) {
        prober.probe(lane.peer, stepMs()).thenAcceptAsync(found -> dialled(newcomer, found, admit), control);
    }

    private void dialled(PeerConnection newcomer, ProbeResult found, Runnable admit) {
        if (found instanceof ProbeResult.Answered answered) {
            if (Claim.next(newcomer.theirs().incarnation(), answered.incarnation()) == Step.ADMIT) {
                admit(newcomer, admit);
            } else {
                refuse(newcomer, "another process answers there");
            }
        } else {
            refuse(newcomer, "nobody could be found there (" + found + ")");
        }
    }

    private static void admit(PeerConnection newcomer, Runnable admit) {
        if (newcomer.channel().isActive()) {
            admit.run();
        }
    }

    private static void refuse(PeerConnection newcomer, String why) {
        newcomer.refuse(new Refusal(
                Refusal.Reason.ADDRESS_TAKEN,
                "it claims " + IpAddresses.of(newcomer.theirs().address()) + ", but " + why));
    }

    /** Answers whether an attempt to connect is this member's. */
    void asked(PeerConnection by, long attempt) {
        Lane lane = by.outbox().lane;
        Answer answer = Answer.NOT_MINE;
        if (lane != null && lane.lastAttempt == attempt) {
            answer = lane.attempt != null ? Answer.MINE : Answer.GIVEN_UP;
        }
        by.say(FrameType.ANSWER, answer.encode(attempt));
    }
}
