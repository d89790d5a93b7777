package io.evenkeel.protocols.transport.peer;

import io.evenkeel.protocols.transport.core.PeerLifecycle;
import io.evenkeel.protocols.transport.frame.SendQueue;
import io.evenkeel.protocols.transport.io.PeerConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/** A physical address that this member talks to, with the queue of what is on its way there. */
final class Peer {
    final IpAddress address;
    final SendQueue queue;
    /** Control loop. */
    final PeerLifecycle<PeerConnection> life;

    /** Set while a sender has asked the control loop for a connection and has not been answered. */
    final AtomicBoolean wanted = new AtomicBoolean();

    /** The lifecycle's connection as other threads see it; null while there is none. */
    volatile @Nullable PeerConnection current;

    /** The last line about it, not to be repeated. Control loop. */
    @Nullable String lastFailure;

    Peer(IpAddress address, SendQueue queue, PeerLifecycle.Limits limits) {
        this.address = address;
        this.queue = queue;
        this.life = new PeerLifecycle<>(new InetSocketAddress(address.getIpAddress(), address.getPort()), limits);
    }
}
