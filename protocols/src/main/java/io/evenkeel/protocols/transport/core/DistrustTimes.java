package io.evenkeel.protocols.transport.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections of peers whose certificates were found bad, and since when. One verdict ends none: keys and trust of all
 * members change within seconds, not at once, and a connection from before the change is replaced as soon as its peer
 * has taken up the new keys. One that is found bad again later was not.
 *
 * <p>Single writer.
 */
public final class DistrustTimes<C> {
    private final long confirmationNs;
    private final Map<C, Long> firstNs = new HashMap<>();

    /**
     * Of no connection yet.
     *
     * @param confirmationNs the least time between two verdicts that end a connection
     */
    public DistrustTimes(long confirmationNs) {
        this.confirmationNs = confirmationNs;
    }

    /** A connection was found bad; returns true if it is to end. */
    public boolean distrust(C connection, long nowNs) {
        Long first = firstNs.putIfAbsent(connection, nowNs);
        return first != null && nowNs - first >= confirmationNs;
    }

    /** The connection was not found bad. */
    public void clear(C connection) {
        firstNs.remove(connection);
    }

    /** Forgets all but the connections that are left. */
    public void retain(Collection<C> left) {
        firstNs.keySet().retainAll(left);
    }

    /** True if a second verdict is due about a connection. */
    public boolean isWaiting() {
        return !firstNs.isEmpty();
    }
}
