package io.evenkeel.protocols.transport.core;

/**
 * A step that {@link PeerLifecycle} has decided on. Steps are carried out in their order.
 *
 * @param <C> a connection
 */
public sealed interface PeerAction<C> {

    /** Start to connect, and report the attempt to {@link PeerLifecycle#dialled}. */
    record Dial<C>() implements PeerAction<C> {}

    /** Call {@link PeerLifecycle#tick} at a time of the clock that {@code nowNs} is read from. */
    record CallBack<C>(long atNs) implements PeerAction<C> {}

    /** Take a connection that has come in, and report the peer's confirmation to {@link PeerLifecycle#confirmed}. */
    record Accept<C>(C connection) implements PeerAction<C> {}

    /** Turn a connection down that has come in, since the own attempt stays. */
    record Refuse<C>(C connection) implements PeerAction<C> {}

    /**
     * Write what waits for the peer to this connection from now on, and to no other one.
     *
     * @param again whether there was one before
     */
    record Install<C>(C connection, boolean again) implements PeerAction<C> {}

    /** Say GOODBYE and close; at once where the handshake is not over. */
    record Close<C>(C connection) implements PeerAction<C> {}

    /** The connection in use has ended: nothing is written any more. */
    record Lose<C>(C connection) implements PeerAction<C> {}

    /** An attempt has failed. */
    record Report<C>(C attempt, LossDecision.Outcome outcome) implements PeerAction<C> {}

    /** Drop what waits for the peer. */
    record Discard<C>() implements PeerAction<C> {}

    /** Tell JGroups that a process is dead. */
    record Suspect<C>(Hello dead, Evidence evidence) implements PeerAction<C> {}

    /** Have JGroups ask a member whether it lives. */
    record Doubt<C>(Hello member) implements PeerAction<C> {}

    /** Count a loss that has proved nothing. */
    record Acquit<C>() implements PeerAction<C> {}

    /** Forget the peer. */
    record Retire<C>() implements PeerAction<C> {}

    /** The proof of a process's end. */
    enum Evidence {
        OTHER_PROCESS,
        CONNECTIONS_ENDED,
        PORT_REFUSES
    }
}
