package io.evenkeel.protocols.transport.io;

import java.nio.ByteBuffer;
import org.jgroups.stack.IpAddress;

/**
 * The events of the transport's sockets, told to the protocol above. All methods are called on event loops and must not
 * block.
 */
public interface TransportListener {

    /**
     * A connection is open, and nothing has come over it yet.
     *
     * @param member what the peer said of itself, see {@link io.evenkeel.protocols.transport.core.Hello#member}
     */
    void onPeer(IpAddress peer, ByteBuffer member);

    /** A frame of JGroups messages came in; the array belongs to the caller again when this returns. */
    void onData(IpAddress sender, byte[] data, int offset, int length);

    /** True if the member that this describes is in the current view. */
    boolean isMember(ByteBuffer member);

    /** True if JGroups knows the member that this describes at another address than this one. */
    boolean isElsewhere(ByteBuffer member, IpAddress claimed);

    /** True if something else than a HELLO says that the process at an address speaks the own framing. */
    default boolean speaksOwn(IpAddress peer) {
        return false;
    }

    /** True if this member is leaving its cluster or has left it. */
    boolean isLeaving();

    /** The certificate of the member that this describes is not trusted any more, and its connection ends. */
    default void onDistrusted(ByteBuffer member) {}

    /** The process of the member that this describes has ended. */
    void onDead(ByteBuffer member);

    /** The member that this describes cannot be reached, for a reason that proves nothing; it has to be asked. */
    void onDoubt(ByteBuffer member);
}
