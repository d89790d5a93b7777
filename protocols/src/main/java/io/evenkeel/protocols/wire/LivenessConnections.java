package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Backoff;
import io.evenkeel.protocols.wire.core.Claim;
import io.evenkeel.protocols.wire.core.Claim.Answer;
import io.evenkeel.protocols.wire.core.Hello;
import io.evenkeel.protocols.wire.core.LivenessEnd;
import io.evenkeel.protocols.wire.core.Refusal;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jgroups.stack.IpAddress;

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
    private static final Backoff RETRY = new Backoff(500, 20_000);

    private final WireContext wire;
    private final Dialer dialer;
    private final Lanes lanes;
    private final EventLoop control;
    /** All connections of this member, whatever their purpose. */
    private final Set<PeerConnection> connections;
    /** All that are open or being made, with the lane of their peer. */
    private final Map<PeerConnection, Lane> open = new HashMap<>();

    private boolean stepping;
    private boolean leaving;

    LivenessConnections(
            WireContext wire, Dialer dialer, Lanes lanes, EventLoop control, Set<PeerConnection> connections) {
        this.wire = wire;
        this.dialer = dialer;
        this.lanes = lanes;
        this.control = control;
        this.connections = connections;
    }

    /**
     * What was found at an address that was dialled.
     *
     * @param peer its HELLO; null if none came
     * @param answer whether the attempt is its own; null from a version that does not know the question
     * @param failure why there is no HELLO
     */
    record Found(Hello peer, Answer answer, String failure) {}

    /** Dials the address of a claim and asks there for its attempt; a connection that proves it stays open. */
    void challenge(Lane lane, Hello claimed, long timeoutMs, Consumer<Found> then) {
        Events events = new Events(lane, claimed, then);
        PeerConnection connection =
                dialer.dial(lane.peer, wire.ours().asLiveness().asking(claimed.attempt()), events);
        connections.add(connection);
        open.put(connection, lane);
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
        for (Lane lane : lanes.all()) {
            if (!isMissing(lane)) {
                continue;
            }
            long dueMs = TimeUnit.NANOSECONDS.toMillis(lane.livenessRetryAtNs - nowNs);
            if (lane.livenessFailures == 0 || dueMs <= 0) {
                dial(lane);
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

    private boolean isMissing(Lane lane) {
        PeerConnection current = lane.current;
        if (current == null || current.dialled != null || !lanes.isMember(lane) || isBeingMade(lane)) {
            return false;
        }
        boolean known = current.theirs().extensions().endpoints() != null;
        return !current.proven || (known && !isOpen(lane));
    }

    private boolean isBeingMade(Lane lane) {
        return open.entrySet().stream()
                .anyMatch(each -> each.getValue() == lane
                        && each.getKey().dialled != null
                        && each.getKey() != lane.livenessDialled);
    }

    private static boolean isOpen(Lane lane) {
        return lane.livenessDialled != null || lane.livenessTaken != null;
    }

    private void dial(Lane lane) {
        PeerConnection asked = lane.current;
        challenge(lane, asked.theirs(), wire.config.handshakeTimeoutMs(), found -> judge(lane, asked, found));
    }

    private void judge(Lane lane, PeerConnection asked, Found found) {
        if (found.peer() == null) {
            failed(lane);
            return;
        }
        Hello claimed = asked.theirs();
        if (Claim.dialled(claimed.incarnation(), found.peer().incarnation(), found.answer()) == Claim.Step.ADMIT) {
            asked.proven = true;
            lane.livenessFailures = 0;
            return;
        }
        failed(lane);
        if (found.answer() != Answer.GIVEN_UP && lane.current == asked) {
            // It was taken when nothing was at stake: the one that listens at the address knows nothing of it.
            wire.log.refused(
                    asked.peerName(),
                    new Refusal(
                            Refusal.Reason.ADDRESS_TAKEN,
                            "it claims " + lane.peer + ", but another process answers there"));
            asked.abort();
        }
    }

    private void failed(Lane lane) {
        lane.livenessFailures++;
        long waitMs =
                RETRY.delayMs(lane.livenessFailures, ThreadLocalRandom.current().nextDouble());
        lane.livenessRetryAtNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        arrange();
    }

    /** Takes one that has come in, if the peer knows this member's attempt. */
    void take(PeerConnection connection, Hello theirs) {
        IpAddress asker = IpAddresses.of(theirs.address());
        long attempt = theirs.extensions().challenge();
        Answer answer = lanes.answer(attempt, asker);
        connection.accept(answer);
        if (answer != Answer.MINE) {
            connection.closeGracefully();
            return;
        }
        Lane lane = lanes.ofAttempt(attempt, asker);
        PeerConnection before = lane.livenessTaken;
        lane.livenessTaken = connection;
        lane.livenessEnd = null;
        open.put(connection, lane);
        if (before != null) {
            before.closeGracefully();
        }
    }

    /** One that has come in, or was dialled, is over. */
    void ended(PeerConnection connection) {
        Lane lane = open.remove(connection);
        if (lane == null || (lane.livenessTaken != connection && lane.livenessDialled != connection)) {
            return;
        }
        if (lane.livenessTaken == connection) {
            lane.livenessTaken = null;
        } else {
            lane.livenessDialled = null;
        }
        LivenessEnd end = new LivenessEnd(connection.ending().how(), connection.isDirect(), System.nanoTime());
        wire.log.debug("liveness connection ended: " + connection.describe() + ", " + end);
        lane.livenessEnd = LivenessEnd.latest(lane.livenessEnd, end);
        // Not at once: the process may be about to end, and its other connection with it.
        lane.livenessFailures = Math.max(1, lane.livenessFailures);
        lane.livenessRetryAtNs = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(
                        RETRY.delayMs(1, ThreadLocalRandom.current().nextDouble()));
        arrange();
    }

    /** Whether what is known of a peer's liveness connections is evidence that its process has ended. */
    boolean hasEnded(Lane lane) {
        long nowNs = System.nanoTime();
        return isLost(lane, nowNs) && !isOwnTrouble(lane, nowNs);
    }

    private boolean isLost(Lane lane, long nowNs) {
        long windowNs = TimeUnit.MILLISECONDS.toNanos(wire.config.patientRefusalMs());
        return !isOpen(lane) && lane.livenessEnd != null && lane.livenessEnd.counts(nowNs, windowNs);
    }

    private boolean isOwnTrouble(Lane lane, long nowNs) {
        InetAddress here = wire.ours().address().getAddress();
        if (lane.peer.getIpAddress().equals(here)) {
            return false;
        }
        Set<InetAddress> lost = new HashSet<>();
        Set<InetAddress> held = new HashSet<>();
        for (Lane each : lanes.all()) {
            InetAddress host = each.peer.getIpAddress();
            if (!host.equals(here) && isOpen(each)) {
                held.add(host);
            } else if (!host.equals(here) && isLost(each, nowNs)) {
                lost.add(host);
            }
        }
        lost.removeAll(held);
        held.remove(lane.peer.getIpAddress());
        return LivenessEnd.isOwnTrouble(lost.size(), held.size());
    }

    /** Forgets those of another process that was at the lane's address before: they say nothing of this one. */
    void keepOnly(Lane lane, long incarnation) {
        if (lane.livenessDialled != null && lane.livenessDialled.theirs().incarnation() != incarnation) {
            lane.livenessDialled.closeGracefully();
            lane.livenessDialled = null;
        }
        if (lane.livenessTaken != null && lane.livenessTaken.theirs().incarnation() != incarnation) {
            lane.livenessTaken.closeGracefully();
            lane.livenessTaken = null;
        }
        lane.livenessEnd = null;
        lane.livenessFailures = 0;
    }

    /** Closes those to peers that are no members any more. */
    void sweep() {
        open.forEach((connection, lane) -> {
            if (!lanes.isMember(lane)) {
                connection.closeGracefully();
            }
        });
        arrange();
    }

    /** Closes those that rest on keys and trust of before the connection for messages; the side whose turn it is dials again. */
    void renew() {
        for (Lane lane : lanes.all()) {
            PeerConnection current = lane.current;
            if (current != null && current.generation == wire.generation()) {
                closeIfOlder(lane.livenessDialled);
                closeIfOlder(lane.livenessTaken);
            }
        }
    }

    private void closeIfOlder(PeerConnection connection) {
        if (connection != null && connection.generation < wire.generation()) {
            connection.closeGracefully();
        }
    }

    /** Makes no more of them. */
    void stop() {
        leaving = true;
    }

    /** Of one that was dialled. Its methods are called on its event loop. */
    private final class Events implements ConnectionEvents {
        private final Lane lane;
        private final Hello claimed;
        /** null once it was told; control loop. */
        private Consumer<Found> then;

        Events(Lane lane, Hello claimed, Consumer<Found> then) {
            this.lane = lane;
            this.claimed = claimed;
            this.then = then;
        }

        @Override
        public void onAccepted(PeerConnection connection) {
            control.execute(() -> accepted(connection));
        }

        private void accepted(PeerConnection connection) {
            Answer answer = connection.answer().orElse(null);
            if (answer == Answer.MINE && connection.theirs().incarnation() == claimed.incarnation()) {
                PeerConnection before = lane.livenessDialled;
                lane.livenessDialled = connection;
                lane.livenessEnd = null;
                if (before != null) {
                    before.closeGracefully();
                }
            } else {
                connection.closeGracefully();
            }
            tell(new Found(connection.theirs(), answer, null));
        }

        @Override
        public void onClosed(PeerConnection connection) {
            PeerTable.onControl(wire, control, connection, () -> {
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
