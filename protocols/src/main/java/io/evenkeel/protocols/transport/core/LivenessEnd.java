package io.evenkeel.protocols.transport.core;

import org.jspecify.annotations.Nullable;

/**
 * The end of a liveness connection as evidence. That connection carries nothing after its handshake, so that a firewall
 * that rejects packets for a moment finds none to answer with a reset. A kernel ends the connections of a dead process
 * with FIN; a living process says GOODBYE, or ends TLS, before.
 *
 * @param how the end as this side saw it
 * @param direct whether both sides saw the same ends of the connection, see {@link Endpoints}: a proxy sends FIN as
 *     well
 * @param atNs when it ended
 */
public record LivenessEnd(How how, boolean direct, long atNs) {
    /** The end of a connection. */
    public enum How {
        /** The peer, or this side, closed it on purpose. */
        CLOSED,
        /** The stream ended without a word. */
        FINISHED,
        /** A reset, or a kernel that gave up. */
        BROKEN
    }

    /**
     * True if it is evidence of a death still.
     *
     * @param windowNs how long it is
     */
    public boolean counts(long nowNs, long windowNs) {
        return how == How.FINISHED && direct && nowNs - atNs <= windowNs;
    }

    /** The one of two ends to remember: a reset of another connection neither confirms nor refutes a FIN. */
    public static LivenessEnd latest(@Nullable LivenessEnd before, LivenessEnd now) {
        return now.how == How.BROKEN && before != null ? before : now;
    }

    /**
     * True if the ends that were seen are more likely this host's own trouble than several deaths: the liveness
     * connections to several hosts ended together, and none to any other host is left.
     *
     * @param hostsLost other hosts whose members' liveness connections all ended lately
     * @param hostsHeld other hosts to which one is open
     */
    public static boolean isOwnTrouble(int hostsLost, int hostsHeld) {
        return hostsLost > 1 && hostsHeld == 0;
    }
}
