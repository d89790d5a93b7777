package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.io.PeerConnection;
import io.evenkeel.protocols.transport.io.TransportContext;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Replaces connections that rest on keys and trust of before, one after another: each goes on carrying frames until the
 * one that takes its place is accepted. A connection that could not be renewed stays and is tried again. Control loop,
 * but for {@link #begin}.
 */
final class ConnectionRotation {
    /** Between one and the next, so that a change spreads in seconds and no burst of handshakes holds anybody up. */
    private static final long SPACING_MS = 20;

    private final TransportContext transport;
    private final Peers peers;
    private final EventLoop control;
    private final PeerActions actions;
    private final Set<Peer> tried = new HashSet<>();
    private boolean stepping;

    ConnectionRotation(TransportContext transport, Peers peers, EventLoop control, PeerActions actions) {
        this.transport = transport;
        this.peers = peers;
        this.control = control;
        this.actions = actions;
    }

    /** Takes all connections that exist now for old. Any thread. */
    void begin() {
        transport.nextGeneration();
        control.execute(this::round);
    }

    /** Tries all that are old. */
    void round() {
        tried.clear();
        if (!stepping) {
            step();
        }
    }

    private void step() {
        stepping = false;
        for (Peer peer : peers.all()) {
            PeerConnection connection = peer.current;
            if (connection != null && connection.generation < transport.generation() && tried.add(peer)) {
                actions.run(peer, peer.life.renew());
                stepping = true;
                control.schedule(this::step, SPACING_MS, TimeUnit.MILLISECONDS);
                return;
            }
        }
    }
}
