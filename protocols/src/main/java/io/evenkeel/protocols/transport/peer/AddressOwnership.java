package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Claim.Answer;
import io.evenkeel.protocols.transport.core.Claim.Step;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.io.IpAddresses;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.PeerLabel;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.evenkeel.protocols.transport.peer.LivenessConnections.Found;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Incoming connections whose claim to an address has to be proved; {@link Claim} decides. They wait unaccepted, within
 * the time that their handshake has anyway. Control loop.
 */
final class AddressOwnership {
    private record Open(Peer peer, PeerConnection asked, Runnable admit) {}

    private final TransportContext transport;
    private final Peers peers;
    private final LivenessConnections liveness;
    private final EventLoop control;
    private final Map<PeerConnection, Open> open = new HashMap<>();

    AddressOwnership(TransportContext transport, Peers peers, LivenessConnections liveness, EventLoop control) {
        this.transport = transport;
        this.peers = peers;
        this.liveness = liveness;
        this.control = control;
    }

    /** Admits the newcomer now, later, or never. */
    void examine(Peer peer, PeerConnection newcomer, Runnable admit) {
        switch (Claim.first(facts(peer, newcomer.hello()))) {
            case ADMIT -> admit.run();
            case ASK -> ask(peer, newcomer, admit);
            case DIAL_BACK -> dialBack(peer, newcomer, admit);
            case REFUSE ->
                newcomer.refuse(new Refusal(
                        Refusal.Reason.MEMBER_ELSEWHERE,
                        claim(newcomer) + ", but the member with its id is known at another address"));
        }
    }

    private void ask(Peer peer, PeerConnection newcomer, Runnable admit) {
        PeerConnection current = Objects.requireNonNull(peer.current);
        if (current.framing() == Framing.STOCK) {
            // It would take the question for a message.
            dialBack(peer, newcomer, admit);
            return;
        }
        open.put(newcomer, new Open(peer, current, admit));
        current.ask(newcomer.hello().attempt());
        control.schedule(() -> unanswered(newcomer), stepMs(), TimeUnit.MILLISECONDS);
    }

    private Claim.Facts facts(Peer peer, Hello claimed) {
        Hello known = peer.life.known();
        boolean memberThere = peers.isMember(peer) || (known != null && transport.listener.isMember(known.member()));
        return new Claim.Facts(
                transport.listener.isElsewhere(claimed.member(), peer.address),
                peer.current != null,
                memberThere || transport.listener.isMember(claimed.member()) || peer.life.isOffered(),
                known == null || known.incarnation() == claimed.incarnation());
    }

    /** Both steps together take half of the time that the newcomer has. */
    private long stepMs() {
        return Math.max(1, transport.config.handshakeTimeoutMs() / 4);
    }

    void answered(PeerConnection by, long attempt, Answer answer) {
        for (PeerConnection newcomer : List.copyOf(open.keySet())) {
            Open claim = open.get(newcomer);
            if (claim != null && claim.asked() == by && newcomer.hello().attempt() == attempt) {
                open.remove(newcomer);
                Step next = Claim.asked(answer, by.isProven());
                if (next == Step.ADMIT) {
                    if (by.isProven()) {
                        newcomer.prove();
                    }
                    admit(newcomer, claim.admit());
                } else if (next == Step.DIAL_BACK) {
                    dialBack(claim.peer(), newcomer, claim.admit());
                } else {
                    refuse(newcomer, answer);
                }
            }
        }
    }

    /** The connection has ended: there is no answer to wait for, or no newcomer to admit. */
    void ended(PeerConnection connection) {
        open.remove(connection);
        for (PeerConnection newcomer : List.copyOf(open.keySet())) {
            Open claim = open.get(newcomer);
            if (claim != null && claim.asked() == connection) {
                unanswered(newcomer);
            }
        }
    }

    private void unanswered(PeerConnection newcomer) {
        Open claim = open.remove(newcomer);
        if (claim != null) {
            dialBack(claim.peer(), newcomer, claim.admit());
        }
    }

    private void dialBack(Peer peer, PeerConnection newcomer, Runnable admit) {
        liveness.challenge(peer, newcomer.hello(), stepMs(), found -> dialled(newcomer, found, admit));
    }

    private static void dialled(PeerConnection newcomer, Found found, Runnable admit) {
        Hello claimed = newcomer.hello();
        if (found.peer() == null) {
            newcomer.refuse(new Refusal(
                    Refusal.Reason.ADDRESS_UNPROVEN,
                    claim(newcomer) + ", which could not be reached to ask there: " + found.failure()));
        } else if (Claim.dialled(claimed.incarnation(), found.peer().incarnation(), found.answer()) == Step.ADMIT) {
            newcomer.prove();
            admit(newcomer, admit);
        } else {
            refuse(newcomer, found.answer());
        }
    }

    private static void admit(PeerConnection newcomer, Runnable admit) {
        if (newcomer.channel().isActive()) {
            admit.run();
        }
    }

    private static void refuse(PeerConnection newcomer, @Nullable Answer answer) {
        newcomer.refuse(
                answer == Answer.GIVEN_UP
                        ? new Refusal(Refusal.Reason.YIELD, "the peer has given this connection up")
                        : new Refusal(
                                Refusal.Reason.ADDRESS_TAKEN,
                                claim(newcomer) + ", but the process there says that this connection is not its own"));
    }

    /** The claimed address may be a victim's; the one that the connection comes from shows whose it is not. */
    private static String claim(PeerConnection newcomer) {
        return "a connection from " + PeerLabel.host(newcomer.channel()) + " claims "
                + IpAddresses.of(newcomer.hello().address());
    }

    /** Answers whether an attempt to connect is this member's. */
    void asked(PeerConnection by, long attempt) {
        Answer answer = peers.answer(attempt, IpAddresses.of(by.hello().address()));
        by.say(FrameType.ANSWER, answer.encode(attempt));
    }
}
