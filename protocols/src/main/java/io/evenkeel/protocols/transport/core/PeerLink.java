package io.evenkeel.protocols.transport.core;

import org.jspecify.annotations.Nullable;

/** A connection with a peer, as far as decisions need to know it. */
public interface PeerLink {
    /** The peer's HELLO; null before it came. */
    @Nullable Hello theirs();

    /** True if it is proved that the peer has the address that it claims. */
    boolean isProven();

    /** The number with which this side dialled, see {@link Claim}; 0 if it was dialled. */
    long attemptNumber();

    /** The form of what goes over it. */
    default Framing framing() {
        return Framing.OWN;
    }

    /** True if the peer has shown that it takes the connection; one on JGroups' TCP shows it by its first message. */
    default boolean isConfirmed() {
        return true;
    }
}
