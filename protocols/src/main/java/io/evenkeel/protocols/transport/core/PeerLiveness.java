package io.evenkeel.protocols.transport.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The liveness connections of one peer, and the end of the last one as evidence. Mostly there is one, dialled by either
 * side. One writer.
 *
 * @param <C> a connection
 */
public final class PeerLiveness<C extends PeerLink> {
    private static final Backoff RETRY = new Backoff(500, 20_000);

    private @Nullable C dialled;
    private @Nullable C taken;
    /** Null while one is open, or before the first. */
    private @Nullable LivenessEnd end;

    private int failures;
    private long retryAtNs;

    public boolean isOpen() {
        return dialled != null || taken != null;
    }

    /** True if the connection is the one that this side has dialled. */
    public boolean isDialled(C connection) {
        return dialled == connection;
    }

    /** The connections that are open. */
    public List<C> open() {
        List<C> open = new ArrayList<>();
        if (dialled != null) {
            open.add(dialled);
        }
        if (taken != null) {
            open.add(taken);
        }
        return open;
    }

    /** Uses one that the peer has accepted; returns the one that it replaces, or null. */
    public @Nullable C accepted(C connection) {
        C before = dialled;
        dialled = connection;
        end = null;
        return before;
    }

    /** Uses one that has come in; returns the one that it replaces, or null. */
    public @Nullable C arrived(C connection) {
        C before = taken;
        taken = connection;
        end = null;
        return before;
    }

    /**
     * One has ended; returns false if it was not in use.
     *
     * @param random from 0 (inclusive) to 1 (exclusive)
     */
    public boolean ended(C connection, LivenessEnd how, double random) {
        if (taken == connection) {
            taken = null;
        } else if (dialled == connection) {
            dialled = null;
        } else {
            return false;
        }
        end = LivenessEnd.latest(end, how);
        // Not at once: the process may be about to end, and its other connection with it.
        failures = Math.max(1, failures);
        retryAtNs = how.atNs() + TimeUnit.MILLISECONDS.toNanos(RETRY.delayMs(1, random));
        return true;
    }

    /** The peer has proved its address. */
    public void proved() {
        failures = 0;
    }

    /** None could be made. */
    public void failed(long nowNs, double random) {
        failures++;
        retryAtNs = nowNs + TimeUnit.MILLISECONDS.toNanos(RETRY.delayMs(failures, random));
    }

    /** The wait before the next one is dialled, in milliseconds; not above 0 if there is none. */
    public long waitMs(long nowNs) {
        return failures == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(retryAtNs - nowNs);
    }

    /**
     * True if none is open and the last one ended as that of a dead process does.
     *
     * @param windowNs how long that is evidence
     */
    public boolean isLost(long nowNs, long windowNs) {
        return !isOpen() && end != null && end.counts(nowNs, windowNs);
    }

    /** Forgets what says nothing of the process that is at the peer's address now; returns what is to be closed. */
    List<C> forgetAllBut(long incarnation) {
        List<C> others = new ArrayList<>();
        if (dialled != null && Objects.requireNonNull(dialled.theirs()).incarnation() != incarnation) {
            others.add(dialled);
            dialled = null;
        }
        if (taken != null && Objects.requireNonNull(taken.theirs()).incarnation() != incarnation) {
            others.add(taken);
            taken = null;
        }
        end = null;
        failures = 0;
        return others;
    }
}
