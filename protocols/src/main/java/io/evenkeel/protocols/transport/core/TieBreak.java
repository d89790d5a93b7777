package io.evenkeel.protocols.transport.core;

import java.util.Arrays;

/**
 * Two members connect to each other at the same moment: which connection stays.
 *
 * <p>Both sides see the same two HELLOs. The connection that the smaller (address, port, incarnation) opened stays. A
 * member whose own HELLO has not gone out yet always takes the one that came in, since the other side cannot have seen
 * its own: so no two sides ever turn each other down.
 */
public final class TieBreak {
    private TieBreak() {}

    /**
     * Whether the member that received a HELLO keeps its own attempt and turns the peer's down.
     *
     * @param ourHelloSent whether the HELLO of our own attempt to this peer has been written
     */
    public static boolean keepOurs(boolean ourHelloSent, Hello ours, Hello theirs) {
        return ourHelloSent && compare(ours, theirs) < 0;
    }

    private static int compare(Hello a, Hello b) {
        int byHost = Arrays.compareUnsigned(
                a.address().getAddress().getAddress(), b.address().getAddress().getAddress());
        if (byHost != 0) {
            return byHost;
        }
        int byPort = Integer.compare(a.address().getPort(), b.address().getPort());
        return byPort != 0 ? byPort : Long.compare(a.incarnation(), b.incarnation());
    }
}
