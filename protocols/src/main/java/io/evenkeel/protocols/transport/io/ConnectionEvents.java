package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.Hello;

/** The events of a connection. Called on the connection's own event loop. */
public interface ConnectionEvents {
    /** An incoming connection has introduced itself; answer with accept or refuse. */
    void onHello(PeerConnection connection, Hello theirs);

    /** The peer accepted this outgoing connection. */
    void onAccepted(PeerConnection connection);

    /** The peer has seen that this incoming connection was accepted, and takes it. */
    void onConfirmed(PeerConnection connection);

    /** The peer asks whether an attempt to connect is this member's. */
    void onAsked(PeerConnection connection, long attempt);

    /** The peer says whether an attempt to connect is its own. */
    void onAnswered(PeerConnection connection, long attempt, Claim.Answer answer);

    /** It has ended, once. */
    void onClosed(PeerConnection connection);
}
