package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Hello;

/** What happens to a connection. Called on the connection's own event loop. */
interface ConnectionEvents {
    /** An incoming connection has introduced itself; answer with accept or refuse. */
    void onHello(PeerConnection connection, Hello theirs);

    /** The peer accepted this outgoing connection. */
    void onAccepted(PeerConnection connection);

    /** The peer has seen that this incoming connection was accepted, and takes it. */
    void onConfirmed(PeerConnection connection);

    /** It has ended, once. */
    void onClosed(PeerConnection connection);
}
