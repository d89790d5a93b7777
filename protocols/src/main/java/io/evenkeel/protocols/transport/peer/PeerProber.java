package io.evenkeel.protocols.transport.peer;

import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jgroups.PhysicalAddress;

/**
 * A transport that can ask a physical address who lives there, before anybody sends it a message.
 *
 * <p>Discovery uses it to tell a dead candidate (refused, or answered by another incarnation) from one that is alive
 * but cannot be reached, so that no JOIN is ever sent to a ghost.
 */
public interface PeerProber {

    /** The number that this start of the local channel bears on the wire; another start bears another one. */
    long incarnation();

    /**
     * Connects to the peer, exchanges identities over the same TLS as all traffic, and says what happened.
     *
     * @param peer the peer's physical address
     * @param timeoutMs how long to wait for an answer, above zero
     * @return completes with the outcome, never exceptionally and never later than about the timeout
     */
    CompletionStage<ProbeResult> probe(PhysicalAddress peer, long timeoutMs);

    /**
     * Says which addresses are of members that are never spoken to as members on JGroups' TCP are; asked on an event
     * loop, must not block.
     */
    default void ownPeers(Predicate<PhysicalAddress> known) {}
}
