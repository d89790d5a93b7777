package io.evenkeel.certs.cli;

import java.util.Collection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The exchange of a cluster's CA for another, in an order in which no two nodes ever refuse each other: first all trust
 * both, then all are issued certificates of the new one, then the old one is dropped. A phase is left only when every
 * node is known to run with what the phase wrote for it, since nodes of two neighbouring phases accept each other and
 * others need not. Pure.
 *
 * <p>The caller keeps the state and writes files; it may be interrupted anywhere, as long as it saves the state of a
 * phase before it writes the phase's first file, and makes files what {@link #wanted} says before it takes anybody's
 * word.
 */
final class CaRotation {

    /** The phase of the exchange. */
    enum Phase {
        /** All nodes are given trust in both; their certificates stay. */
        TRUST_BOTH,
        /** All nodes are given certificates of the new one. */
        REISSUE,
        /** The old one is taken out of the nodes' trust. No node has to be waited for. */
        DROP_OLD
    }

    /**
     * The files of every node.
     *
     * @param trustOld whether the old CA is trusted
     * @param trustNew whether the new CA is trusted
     * @param issuedByNew whether the new CA issues certificates, and not the old one
     */
    record Wanted(boolean trustOld, boolean trustNew, boolean issuedByNew) {}

    private Phase phase;
    /** True if the node is known to run with this phase's files. */
    private final TreeMap<String, Boolean> nodes = new TreeMap<>();

    private CaRotation(Phase phase) {
        this.phase = phase;
    }

    /** Begins for the nodes that there are. */
    static CaRotation begin(Collection<String> nodes) {
        return of(Phase.TRUST_BOTH, nodes, Set.of());
    }

    /** As it was kept. */
    static CaRotation of(Phase phase, Collection<String> nodes, Collection<String> confirmed) {
        CaRotation rotation = new CaRotation(phase);
        nodes.forEach(node -> rotation.nodes.put(node, confirmed.contains(node)));
        return rotation;
    }

    Phase phase() {
        return phase;
    }

    Set<String> nodes() {
        return new TreeSet<>(nodes.keySet());
    }

    Set<String> confirmed() {
        Set<String> confirmed = nodes();
        confirmed.removeAll(missing());
        return confirmed;
    }

    /** The nodes that are not known to run with this phase's files. */
    Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        nodes.forEach((node, confirmed) -> {
            if (!confirmed) {
                missing.add(node);
            }
        });
        return missing;
    }

    Wanted wanted() {
        return switch (phase) {
            case TRUST_BOTH -> new Wanted(true, true, false);
            case REISSUE -> new Wanted(true, true, true);
            case DROP_OLD -> new Wanted(false, true, true);
        };
    }

    /** A node is known to run with this phase's files. */
    void confirm(String node) {
        if (nodes.computeIfPresent(node, (name, before) -> true) == null) {
            throw new IllegalArgumentException("node=" + node + " must be one of " + nodes());
        }
    }

    /** A node's files had to be written in this phase: it cannot run with them yet. */
    void written(String node) {
        nodes.put(node, false);
    }

    /** A node was issued its first files, which are this phase's: there are no others that it could run with. */
    void joined(String node) {
        nodes.putIfAbsent(node, true);
    }

    /** A node does not exist any more. */
    void left(String node) {
        nodes.remove(node);
    }

    /** Goes on to the next phase; false, and nothing changes, if nodes are missing or there is no next one. */
    boolean advance() {
        if (!missing().isEmpty() || phase == Phase.DROP_OLD) {
            return false;
        }
        phase = phase == Phase.TRUST_BOTH ? Phase.REISSUE : Phase.DROP_OLD;
        nodes.replaceAll((node, before) -> false);
        return true;
    }

    /** True if it may be given up: no certificate of the new CA is in use yet. */
    boolean mayBeAborted() {
        return phase == Phase.TRUST_BOTH;
    }
}
