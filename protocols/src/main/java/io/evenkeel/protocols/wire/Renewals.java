package io.evenkeel.protocols.wire;

import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Replaces connections that rest on keys and trust of before, one after another: each goes on carrying frames until the
 * one that takes its place is accepted. What could not be renewed stays and is tried again. Control loop, but for
 * {@link #begin}.
 */
final class Renewals {
    /** Between one and the next, so that a change spreads in seconds and no burst of handshakes holds anybody up. */
    private static final long SPACING_MS = 20;

    private final WireContext wire;
    private final Lanes lanes;
    private final EventLoop control;
    private final Redialer redialer;
    private final Set<Lane> tried = new HashSet<>();
    private boolean stepping;

    Renewals(WireContext wire, Lanes lanes, EventLoop control, Redialer redialer) {
        this.wire = wire;
        this.lanes = lanes;
        this.control = control;
        this.redialer = redialer;
    }

    /** Takes all connections that exist now for old. Any thread. */
    void begin() {
        wire.nextGeneration();
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
        for (Lane lane : lanes.all()) {
            PeerConnection connection = lane.current;
            if (connection != null && connection.generation < wire.generation() && tried.add(lane)) {
                redialer.renew(lane);
                stepping = true;
                control.schedule(this::step, SPACING_MS, TimeUnit.MILLISECONDS);
                return;
            }
        }
    }
}
