package io.evenkeel.protocols.transport;

import io.evenkeel.protocols.transport.io.TransportListener;
import java.nio.ByteBuffer;
import org.jgroups.stack.IpAddress;

/** At an end where no member moves, leaves, is in doubt or dies. */
interface CalmListener extends TransportListener {
    @Override
    default boolean isElsewhere(ByteBuffer member, IpAddress claimed) {
        return false;
    }

    @Override
    default boolean isLeaving() {
        return false;
    }

    @Override
    default void onDoubt(ByteBuffer member) {
        throw new AssertionError("nobody is in doubt here");
    }

    @Override
    default void onDead(ByteBuffer member) {
        throw new AssertionError("nobody dies here");
    }
}
