package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Claim.Answer;
import io.evenkeel.protocols.transport.core.Framing;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.LivenessEnd;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.io.ConnectionEvents;
import io.evenkeel.protocols.transport.io.Dialer;
import io.evenkeel.protocols.transport.io.IpAddresses;
import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The second connection of each pair of members, which carries nothing: the side that took the connection for messages
 * dials it, one after another, once the peer is a member. It asks the peer for the attempt whose connection it took, so
 * that it proves the peer's address as well; its end is evidence of the end of the peer, see {@link LivenessEnd}.
 * Control loop.
 */
final class LivenessConnections {
    /** Between one and the next, so that a new view causes no burst of handshakes. */
    private static final long SPACING_MS = 20;

    private static final long MAX_WAIT_MS = 1_000;

    private final TransportContext transport;
    private final Dialer dialer;
    private final Peers peers;
    private final EventLoop control;
    /** All connections of this member, whatever their purpose. */
    private final Set<PeerConnection> connections;
    /** All that are open or being made, with their peer. */
    private final Map<PeerConnection, Peer> open = new HashMap<>();

    private boolean stepping;
    private boolean leaving;

    LivenessConnections(
            TransportContext transport,
            Dialer dialer,
            Peers peers,
            EventLoop control,
            Set<PeerConnection> connections) {
        this.transport = transport;
        this.dialer = dialer;
        this.peers = peers;
        this.control = control;
        this.connections = connections;
    }

    /**
     * The process that was found at an address that was dialled.
     *
     * @param peer its HELLO; null if none came
     * @param answer whether the attempt is its own; null from a version that does not know the question
     * @param failure why there is no HELLO
     */
    record Found(@Nullable Hello peer, @Nullable Answer answer, @Nullable String failure) {}

    /** Dials the address of a claim and asks there for its attempt; a connection that proves it stays open. */
    void challenge(Peer peer, Hello claimed, long timeoutMs, Consumer<Found> then) {
        Events events = new Events(peer, claimed, then);
        PeerConnection connection =
                dialer.dial(peer.address, transport.ours().asLiveness().asking(claimed.attempt()), events);
        connections.add(connection);
        open.put(connection, peer);
        control.schedule(
                () -> {
                    if (events.then != null) {
                        connection.abort();
                    }
                },
                timeoutMs,
                TimeUnit.MILLISECONDS);
    }

    /** Has those made that are missing. */
    void arrange() {
        if (!stepping && !leaving) {
            step();
        }
    }

    private void step() {
        stepping = false;
        if (leaving) {
            return;
        }
        long nowNs = System.nanoTime();
        long waitMs = Long.MAX_VALUE;
        for (Peer peer : peers.all()) {
            if (!isMissing(peer)) {
                continue;
            }
            long dueMs = peer.life.liveness().waitMs(nowNs);
            if (dueMs <= 0) {
                dial(peer);
                waitMs = SPACING_MS;
                break;
            }
            waitMs = Math.min(waitMs, Math.min(MAX_WAIT_MS, dueMs));
        }
        if (waitMs < Long.MAX_VALUE) {
            stepping = true;
            control.schedule(this::step, waitMs, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isMissing(Peer peer) {
        PeerConnection current = peer.current;
        if (current == null
                || current.framing() == Framing.STOCK
                || current.dialled != null
                || !peers.isMember(peer)
                || isBeingMade(peer)) {
            return false;
        }
        boolean known = current.hello().extensions().endpoints() != null;
        return !current.isProven() || (known && !peer.life.liveness().isOpen());
    }

    private boolean isBeingMade(Peer peer) {
        return open.entrySet().stream()
                .anyMatch(each -> each.getValue() == peer
                        && each.getKey().dialled != null
                        && !peer.life.liveness().isDialled(each.getKey()));
    }

    private void dial(Peer peer) {
        PeerConnection asked = Objects.requireNonNull(peer.current);
        challenge(peer, asked.hello(), transport.config.handshakeTimeoutMs(), found -> judge(peer, asked, found));
    }

    private void judge(Peer peer, PeerConnection asked, Found found) {
        if (found.peer() == null) {
            failed(peer);
            return;
        }
        Hello claimed = asked.hello();
        if (Claim.dialled(claimed.incarnation(), found.peer().incarnation(), found.answer()) == Claim.Step.ADMIT) {
            asked.prove();
            peer.life.liveness().proved();
            return;
        }
        failed(peer);
        if (found.answer() != Answer.GIVEN_UP && peer.current == asked) {
            // It was taken when nothing was at stake: the one that listens at the address knows nothing of it.
            transport.log.refused(
                    asked.peerName(),
                    new Refusal(
                            Refusal.Reason.ADDRESS_TAKEN,
                            "it claims " + peer.address + ", but another process answers there"));
            asked.abort();
        }
    }

    private void failed(Peer peer) {
        peer.life
                .liveness()
                .failed(System.nanoTime(), ThreadLocalRandom.current().nextDouble());
        arrange();
    }

    /** Takes one that has come in, if the peer knows this member's attempt. */
    void take(PeerConnection connection, Hello theirs) {
        IpAddress asker = IpAddresses.of(theirs.address());
        long attempt = theirs.extensions().challenge();
        Answer answer = peers.answer(attempt, asker);
        connection.accept(answer);
        if (answer != Answer.MINE) {
            connection.closeGracefully();
            return;
        }
        // The answer was MINE, so there is one.
        Peer peer = Objects.requireNonNull(peers.ofAttempt(attempt, asker));
        PeerConnection before = peer.life.liveness().arrived(connection);
        open.put(connection, peer);
        if (before != null) {
            before.closeGracefully();
        }
    }

    /** One that has come in, or was dialled, is over. */
    void ended(PeerConnection connection) {
        Peer peer = open.remove(connection);
        if (peer == null) {
            return;
        }
        LivenessEnd end = new LivenessEnd(connection.ending().how(), connection.isDirect(), System.nanoTime());
        if (!peer.life
                .liveness()
                .ended(connection, end, ThreadLocalRandom.current().nextDouble())) {
            return;
        }
        transport.log.debug("liveness connection ended: " + connection.describe() + ", " + end);
        arrange();
    }

    /** True if the ends of a peer's liveness connections are evidence that its process has ended. */
    boolean hasEnded(Peer peer) {
        long nowNs = System.nanoTime();
        return isLost(peer, nowNs) && !isOwnTrouble(peer, nowNs);
    }

    private boolean isLost(Peer peer, long nowNs) {
        long windowNs =
                TimeUnit.MILLISECONDS.toNanos(transport.config.lifecycle().patientRefusalMs());
        return peer.life.liveness().isLost(nowNs, windowNs);
    }

    private boolean isOwnTrouble(Peer peer, long nowNs) {
        InetAddress here = transport.ours().address().getAddress();
        if (peer.address.getIpAddress().equals(here)) {
            return false;
        }
        Set<InetAddress> lost = new HashSet<>();
        Set<InetAddress> held = new HashSet<>();
        for (Peer each : peers.all()) {
            InetAddress host = each.address.getIpAddress();
            if (!host.equals(here) && each.life.liveness().isOpen()) {
                held.add(host);
            } else if (!host.equals(here) && isLost(each, nowNs)) {
                lost.add(host);
            }
        }
        lost.removeAll(held);
        held.remove(peer.address.getIpAddress());
        return LivenessEnd.isOwnTrouble(lost.size(), held.size());
    }

    /** Closes those to peers that are no members any more. */
    void sweep() {
        open.forEach((connection, peer) -> {
            if (!peers.isMember(peer)) {
                connection.closeGracefully();
            }
        });
        arrange();
    }

    /**
     * Closes those that rest on keys and trust of before the connection for messages; the side whose turn it is dials
     * again.
     */
    void renew() {
        for (Peer peer : peers.all()) {
            PeerConnection current = peer.current;
            if (current != null && current.generation == transport.generation()) {
                peer.life.liveness().open().forEach(this::closeIfOlder);
            }
        }
    }

    private void closeIfOlder(PeerConnection connection) {
        if (connection.generation < transport.generation()) {
            connection.closeGracefully();
        }
    }

    /** Makes no more of them. */
    void stop() {
        leaving = true;
    }

    /** The events of a connection that was dialled, on its event loop. */
    private final class Events implements ConnectionEvents {
        private final Peer peer;
        private final Hello claimed;
        /** null once it was told; control loop. */
        private @Nullable Consumer<Found> then;

        Events(Peer peer, Hello claimed, Consumer<Found> then) {
            this.peer = peer;
            this.claimed = claimed;
            this.then = then;
        }

        @Override
        public void onAccepted(PeerConnection connection) {
            control.execute(() -> accepted(connection));
        }

        private void accepted(PeerConnection connection) {
            Answer answer = connection.answer().orElse(null);
            if (answer == Answer.MINE && connection.hello().incarnation() == claimed.incarnation()) {
                PeerConnection before = peer.life.liveness().accepted(connection);
                if (before != null) {
                    before.closeGracefully();
                }
            } else {
                connection.closeGracefully();
            }
            tell(new Found(connection.hello(), answer, null));
        }

        @Override
        public void onClosed(PeerConnection connection) {
            PeerTable.onControl(transport, control, connection, () -> {
                connections.remove(connection);
                ended(connection);
                tell(new Found(null, null, connection.ending().why()));
            });
        }

        private void tell(Found found) {
            Consumer<Found> told = then;
            then = null;
            if (told != null) {
                told.accept(found);
            }
        }

        @Override
        public void onHello(PeerConnection connection, Hello theirs) {
            throw new IllegalStateException("this one is outgoing");
        }

        @Override
        public void onConfirmed(PeerConnection connection) {
            throw new IllegalStateException("this one is outgoing");
        }

        @Override
        public void onAsked(PeerConnection connection, long attempt) {
            throw new IllegalStateException("frames of messages only");
        }

        @Override
        public void onAnswered(PeerConnection connection, long attempt, Answer answer) {
            throw new IllegalStateException("frames of messages only");
        }
    }
}
