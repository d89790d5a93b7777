package io.evenkeel.protocols.transport.core;

import java.net.InetSocketAddress;
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
     * True if the member that received a HELLO keeps its own attempt and turns the peer's down.
     *
     * @param ourHelloSent whether the HELLO of our own attempt to this peer has been written
     */
    public static boolean keepOurs(boolean ourHelloSent, Hello ours, Hello theirs) {
        return ourHelloSent && compare(ours, theirs) < 0;
    }

    /**
     * The same between a member on JGroups' TCP and this one, by that one's rule: the connection of the larger address
     * stays, as IpAddress.compareTo of JGroups has it.
     */
    public static boolean keepOursWithStock(InetSocketAddress ours, InetSocketAddress theirs) {
        int byHost = Integer.compare(
                ours.getAddress().hashCode(), theirs.getAddress().hashCode());
        return (byHost != 0 ? byHost : Integer.compare(ours.getPort(), theirs.getPort())) > 0;
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
